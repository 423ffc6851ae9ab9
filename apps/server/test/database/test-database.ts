import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { inject } from "vitest";
import { runSql } from "./run-sql.ts";

export const TEMPLATE_DATABASE = "latchkey_template";

export interface TestDatabase {
  url: string;
  /** Also ends the connections that are still open to it. */
  drop(): Promise<void>;
}

/** A migrated, otherwise empty database of one's own: nothing in it is shared with another test. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase(`TEMPLATE ${TEMPLATE_DATABASE} STRATEGY file_copy`);
}

/** A database without any table, for tests of migrations. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase("TEMPLATE template0");
}

async function createDatabase(how: string): Promise<TestDatabase> {
  const adminUrl = inject("databaseAdminUrl");
  const name = `test_${randomBytes(8).toString("hex")}`;
  await retryWhileInUse(() => runSql(adminUrl, `CREATE DATABASE ${name} ${how}`));
  return {
    url: databaseUrl(adminUrl, name),
    drop: async () => {
      await runSql(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** The same server, another database. */
export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

const OBJECT_IN_USE = "55006";

/** A template can be copied only while nobody is connected to it, and autovacuum may be for a moment. */
async function retryWhileInUse<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== OBJECT_IN_USE || attempt === 50) throw error;
      await sleep(20 * attempt);
    }
  }
}
