import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startScript } from "../../../test/database/child-script.ts";
import { quietLog } from "../../../test/database/quiet-log.ts";
import { runSql } from "../../../test/database/run-sql.ts";
import { createEmptyDatabase, type TestDatabase } from "../../../test/database/test-database.ts";
import { readMigrations } from "./migration-files.ts";
import { migrate, MigrationError, pendingMigrations } from "./migrations.ts";
import { createPgPool } from "./pools.ts";
import { isUnavailable } from "./unavailable.ts";

const RUN_MIGRATE = join(import.meta.dirname, "../../../test/database/run-migrate.ts");
const GATE = 4_242;
/** Stops in the middle until the test lets go of the gate. */
const GATED = `CREATE TABLE one (id int);\nSELECT pg_advisory_xact_lock(${GATE});\nCREATE TABLE two (id int);\n`;

let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await createEmptyDatabase();
  folder = mkdtempSync(join(tmpdir(), "latchkey-migrations-"));
});

afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

function writeMigration(name: string, sql: string): void {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, "migration.sql"), sql);
}

const migrateFolder = () => migrate({ url: database.url, folder, log: quietLog });

async function tables(): Promise<string[]> {
  const rows = await runSql<{ name: string }>(
    database.url,
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1",
  );
  return rows.map((row) => row.name);
}

/** Holds the gate; `release` opens it. */
async function closeGate(): Promise<{ release(): Promise<void> }> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query("SELECT pg_advisory_lock($1)", [GATE]);
  return { release: () => client.end() };
}

/** The backend that runs the gated script, once it waits at the gate. */
async function backendAtGate(): Promise<number> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const [row] = await runSql<{ pid: number }>(
      database.url,
      "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = $1",
      [GATE],
    );
    if (row !== undefined) return row.pid;
    await sleep(20);
  }
  throw new Error("No migration came to the gate");
}

describe("migrating", { timeout: 30_000 }, () => {
  test("applies the committed migrations once, and says which", async () => {
    const names = (await readMigrations()).map((migration) => migration.name);
    expect(await migrate({ url: database.url, log: quietLog })).toEqual({ applied: names });
    expect(await migrate({ url: database.url, log: quietLog })).toEqual({ applied: [] });
    expect(await tables()).toContain("api_key");
  });

  test("of three servers that start at once on an empty database one migrates and none fails", async () => {
    const results = await Promise.all([1, 2, 3].map(() => migrate({ url: database.url, log: quietLog })));
    expect(results.filter(({ applied }) => applied.length > 0)).toHaveLength(1);
  });

  test("pending migrations are known before and none after", async () => {
    const migrations = await readMigrations();
    const pool = createPgPool(database.url, { log: quietLog, max: 1, name: "test" });
    expect(await pendingMigrations(pool, migrations)).toEqual(migrations.map((migration) => migration.name));
    await migrate({ url: database.url, log: quietLog });
    expect(await pendingMigrations(pool, migrations)).toEqual([]);
    await pool.end();
  });

  test("functions with semicolons inside arrive whole", async () => {
    writeMigration(
      "1_function",
      "CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN n := n * 2; RETURN n; END; $$;",
    );
    await migrateFolder();
    expect(await runSql(database.url, "SELECT twice(21)")).toEqual([{ twice: 42 }]);
  });
});

describe("a migration that does not end well", { timeout: 30_000 }, () => {
  test("cut off with its connection half-way it leaves nothing, and can be run again", async () => {
    writeMigration("1_gated", GATED);
    const gate = await closeGate();
    const outcome = migrateFolder().catch((error: unknown) => error);
    await runSql(database.url, "SELECT pg_terminate_backend($1)", [await backendAtGate()]);
    expect(await outcome).toSatisfy(isUnavailable);
    await gate.release();
    expect(await tables()).toEqual([]);
    expect(await migrateFolder()).toEqual({ applied: ["1_gated"] });
    expect(await tables()).toEqual(["one", "two"]);
  });

  test("with its server killed half-way, the next server waits for what PostgreSQL still does", async () => {
    writeMigration("1_gated", GATED);
    writeMigration("2_more", "CREATE TABLE three (id int);");
    const gate = await closeGate();
    const child = startScript(RUN_MIGRATE, database.url, folder);
    await backendAtGate();
    child.process.kill("SIGKILL");
    await child.outcome;
    const second = migrateFolder();
    await sleep(300);
    await gate.release();
    expect(await second).toEqual({ applied: ["2_more"] });
    expect(await tables()).toEqual(["one", "three", "two"]);
    const rows = await runSql(
      database.url,
      "SELECT count(*)::int AS n FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
    );
    expect(rows).toEqual([{ n: 2 }]);
  });

  test("a script that fails leaves nothing, says why, and goes on when it is mended", async () => {
    writeMigration("1_broken", "CREATE TABLE one (id int);\nCREATE TABLE one (id int);");
    await expect(migrateFolder()).rejects.toThrow('relation "one" already exists');
    expect(await tables()).toEqual([]);
    writeMigration("1_broken", "CREATE TABLE one (id int);");
    expect(await migrateFolder()).toEqual({ applied: ["1_broken"] });
  });

  test("an edited migration that has landed is refused with what to do", async () => {
    writeMigration("1_first", "CREATE TABLE one (id int);");
    await migrateFolder();
    writeMigration("1_first", "CREATE TABLE one (id bigint);");
    await expect(migrateFolder()).rejects.toThrow(
      new MigrationError(
        "Migration 1_first was edited after it was applied to this database. Restore the file and put the change into a new migration.",
      ),
    );
  });
});
