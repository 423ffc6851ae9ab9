import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../apps/server/src/platform/database/embedded-postgres.ts";
import { LISTENER_NAME } from "../apps/server/src/platform/coherence/server-process.repository.ts";
import { terminalLog } from "../apps/server/src/platform/database/terminal-log.ts";
import { makePepper, makeSecret } from "../apps/server/src/secrets.ts";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import { OWNER, signIn } from "../e2e/client.ts";
import { startProduct, type Product } from "../e2e/product.ts";
import { revokeUnderLoad, type RevocationRun } from "../e2e/revocation.ts";
import { ceilingRow, type Row } from "./row.ts";
import { percentile } from "./statistics.ts";

const PROCESSES = 3;
/** 200 requests a second in all. */
const LOAD = { pollers: 50, pauseMilliseconds: 250 };

/** Three processes on one database: revocations under load, and with a process frozen and connections cut. */
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
    const run = (count: number) => revokeUnderLoad({ servers, sessions, revocations: count, ...LOAD });

    const calm = await run(revocations);
    const cutting = setInterval(() => void cutOne(postgres.url).catch(() => undefined), 500);
    const cut = await run(Math.ceil(revocations / 20)).finally(() => clearInterval(cutting));
    const frozen = await frozenRun(servers, run);
    return [
      accepted("three processes, 50 pollers, 1,000 revocations", calm),
      ceilingRow("acknowledgement of a revocation, p99", percentile(calm.acknowledgements, 0.99), 50, "ms"),
      accepted("the same while listening connections are cut", cut),
      ceilingRow("its slowest acknowledgement", Math.max(...cut.acknowledgements), 1_300, "ms"),
      accepted("the same with a process frozen", frozen),
      ceilingRow("its slowest acknowledgement", Math.max(...frozen.acknowledgements), 1_300, "ms"),
    ];
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function accepted(what: string, { acceptedAfter }: RevocationRun): Row {
  return ceilingRow(`${what}: let in after the acknowledgement`, acceptedAfter, 0, "requests");
}

function cutOne(databaseUrl: string): Promise<unknown> {
  return runSql(
    databaseUrl,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${LISTENER_NAME}' ORDER BY random() LIMIT 1`,
  );
}

/** Revocations at the two that are awake; the third goes on when half of them are acknowledged. */
async function frozenRun(
  servers: readonly Product[],
  run: (count: number) => Promise<RevocationRun>,
): Promise<RevocationRun> {
  const asleep = servers.at(-1);
  if (asleep === undefined) throw new Error("There is no server.");
  process.kill(asleep.pid, "SIGSTOP");
  setTimeout(() => process.kill(asleep.pid, "SIGCONT"), 3_000);
  return run(10);
}

if (process.argv[1] === import.meta.filename) console.table(await measureRevocation(Number(process.argv[2] ?? 1_000)));
