import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbeddedPostgres } from "../apps/server/src/platform/database/embedded-postgres.ts";
import { LISTENER_NAME } from "../apps/server/src/platform/coherence/server-process.repository.ts";
import { terminalLog } from "../apps/server/src/platform/database/terminal-log.ts";
import { makePepper, makeSecret } from "../apps/server/src/secrets.ts";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import { OWNER, signIn, type Session } from "../e2e/client.ts";
import { killPostgres } from "../e2e/postgres-processes.ts";
import { startProduct, type Product } from "../e2e/product.ts";
import { revokeUnderLoad, type RevocationRun } from "../e2e/revocation.ts";
import { ceilingRow, type Row } from "./row.ts";
import { percentile } from "./statistics.ts";

const PROCESSES = 3;
/** 200 requests a second in all. */
const LOAD = { pollers: 50, intervalMilliseconds: 250 };

/** Three processes on one database: revocations under load, then with a process frozen, connections cut, PostgreSQL killed. */
export async function measureRevocation(revocations = 1_000): Promise<Row[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
  const postgres = await startEmbeddedPostgres({ dataDir, log: terminalLog });
  const servers: Product[] = [];
  try {
    const pepper = makePepper(new Date());
    const secrets = { BETTER_AUTH_SECRET: makeSecret(), API_KEY_PEPPERS: `${pepper.id}:${pepper.secret}` };
    for (let process = 0; process < PROCESSES; process += 1) {
      const env = { ...secrets, DATABASE_URL: postgres.url, LIMITER: "memory", DEMO: process === 0 ? "true" : "false" };
      servers.push(await startProduct({ env }));
    }
    const sessions = await Promise.all(servers.map((server) => signIn(server, OWNER)));
    // A session may send 600 requests a minute, and this one more.
    await runSql(postgres.url, "UPDATE subscription SET requests_per_minute = 1000000");
    const run = (count: number, disturbance: Partial<Parameters<typeof revokeUnderLoad>[0]> = {}) =>
      revokeUnderLoad({ servers, sessions, revocations: count, ...LOAD, ...disturbance });

    await run(50);
    const calm = await run(revocations);
    const cut = await run(20, { before: () => cutOne(postgres.url) });
    const frozen = await run(10, freezing(servers.at(-1), sessions));
    const restarted = await run(3, { before: () => killAndAwait(dataDir, postgres.url), repeatsRefused: true });
    return [
      accepted(`three processes, 50 pollers, ${revocations.toLocaleString("en")} revocations`, calm),
      ceilingRow("acknowledgement of a revocation, median", percentile(calm.acknowledgements, 0.5), 50, "ms"),
      ceilingRow("acknowledgement of a revocation, p99", percentile(calm.acknowledgements, 0.99), 50, "ms"),
      accepted("the same while listening connections are cut", cut),
      ceilingRow("its slowest acknowledgement", Math.max(...cut.acknowledgements), 1_300, "ms"),
      accepted("the same with a process frozen", frozen),
      ceilingRow("its slowest acknowledgement", Math.max(...frozen.acknowledgements), 1_300, "ms"),
      accepted("the same when PostgreSQL was killed and is back", restarted),
      ceilingRow("its slowest acknowledgement", Math.max(...restarted.acknowledgements), 1_300, "ms"),
    ];
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function accepted(what: string, { acceptedAfter, askedAfter }: RevocationRun): Row {
  return {
    what: `${what}: let in after the acknowledgement`,
    measured: `${acceptedAfter} of ${askedAfter.toLocaleString("en")} requests`,
    wanted: "0",
    passes: acceptedAfter === 0 && askedAfter > 0,
  };
}

function cutOne(databaseUrl: string): Promise<unknown> {
  return runSql(
    databaseUrl,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${LISTENER_NAME}' ORDER BY random() LIMIT 1`,
  );
}

/** Its supervisor starts it again; what is asked of it meanwhile is answered 503. */
async function killAndAwait(dataDir: string, databaseUrl: string): Promise<void> {
  await killPostgres(dataDir);
  while ((await runSql(databaseUrl, "SELECT 1").catch(() => null)) === null) await sleep(20);
}

/** Frozen for the time of each revocation, which somebody else makes; it goes on with requests at its socket. */
function freezing(asleep: Product | undefined, sessions: readonly Session[]) {
  if (asleep === undefined) throw new Error("There is no server.");
  return {
    sessions: sessions.slice(0, -1),
    before: async () => process.kill(asleep.pid, "SIGSTOP"),
    after: () => void process.kill(asleep.pid, "SIGCONT"),
  };
}

if (process.argv[1] === import.meta.filename) console.table(await measureRevocation(Number(process.argv[2] ?? 1_000)));
