import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { daysAround } from "../../src/modules/activity/days.ts";
import { createPartitions } from "../../src/modules/activity/partitions.repository.ts";
import { startEmbeddedPostgres } from "../../src/platform/database/embedded-postgres.ts";
import { createPgPool } from "../../src/platform/database/pools.ts";
import { migrate } from "../../src/platform/database/migrations.ts";
import { runSql } from "./run-sql.ts";
import { quietLog } from "./quiet-log.ts";
import { databaseUrl, TEMPLATE_DATABASE } from "./test-database.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Of the test run's PostgreSQL, as superuser. */
    databaseAdminUrl: string;
  }
}

/** Those that every server makes before it serves: made once, they are copied with the database. */
async function makePartitions(url: string): Promise<void> {
  const pool = createPgPool(url, { log: quietLog, max: 1, name: "test" });
  await createPartitions(pool).ensure(daysAround(Date.now(), 1, 8));
  await pool.end();
}

/** One PostgreSQL for the whole run, with a migrated database that every test database is a copy of. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), "latchkey-test-"));
  const postgres = await startEmbeddedPostgres({ dataDir, log: quietLog, durable: false });
  await runSql(postgres.url, `CREATE DATABASE ${TEMPLATE_DATABASE}`);
  await migrate({ url: databaseUrl(postgres.url, TEMPLATE_DATABASE), log: quietLog });
  await makePartitions(databaseUrl(postgres.url, TEMPLATE_DATABASE));
  project.provide("databaseAdminUrl", postgres.url);
  return async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
