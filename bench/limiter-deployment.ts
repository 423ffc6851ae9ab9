import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../apps/server/src/platform/database/embedded-postgres.ts";
import { terminalLog } from "../apps/server/src/platform/database/terminal-log.ts";
// Tells the compiler what the tests' setup provides: their server is used here, their database is not.
import type {} from "../apps/server/test/database/global-setup.ts";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import { startProcess } from "../apps/server/test/limited-load.ts";
import { startRedis } from "../apps/server/test/redis-server.ts";
import { Story } from "../apps/server/test/story.ts";
import { startTestServer, type TestServer } from "../apps/server/test/test-server.ts";

export type StoreKind = "memory" | "postgres" | "redis";

/** Server processes that count rate limits in one place. */
export interface Deployment {
  readonly addresses: readonly string[];
  /** One more beside them, in this process. */
  readonly server: TestServer;
  /** A key of a team of its own. */
  newKey(requestsPerMinute: number): Promise<string>;
}

/** One PostgreSQL, and one Redis, for all that is measured of the stores; the databases are each deployment's own. */
export async function withDeployments(
  measure: (deploy: (kind: StoreKind, processes: number) => Promise<Deployment>) => Promise<void>,
): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
  const endings: (() => Promise<unknown> | void)[] = [() => rmSync(dataDir, { recursive: true, force: true })];
  try {
    const postgres = await startEmbeddedPostgres({ dataDir, log: terminalLog });
    endings.unshift(() => postgres.stop());
    const redis = await startRedis();
    endings.unshift(() => redis.stop());
    let count = 0;
    await measure(async (kind, processes) => {
      const databaseUrl = await emptyDatabase(postgres.url, `bench_${(count += 1)}`);
      const settings = { ...newSecrets(), REDIS_URL: redis.url, LIMITER: kind, DATABASE_URL: databaseUrl };
      const server = await startTestServer(settings, databaseUrl);
      endings.unshift(() => server.close());
      const started = await Promise.all(Array.from({ length: processes }, () => startProcess(settings)));
      endings.unshift(...started.map((process) => () => process.stop()));
      return {
        addresses: started.map(({ address }) => address),
        server,
        async newKey(requestsPerMinute) {
          const story = new Story(server);
          const { owner, id } = await story.team("Bench");
          await server.sql("UPDATE subscription SET requests_per_minute = $2 WHERE team_id = $1", [
            id,
            requestsPerMinute,
          ]);
          return (await story.key(owner)).secret;
        },
      };
    });
  } finally {
    for (const end of endings) await end();
  }
}

function newSecrets() {
  const secret = () => randomBytes(32).toString("base64url");
  return { BETTER_AUTH_SECRET: secret(), API_KEY_PEPPERS: `bench:${secret()}` };
}

async function emptyDatabase(url: string, name: string): Promise<string> {
  await runSql(url, `CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.toString();
}
