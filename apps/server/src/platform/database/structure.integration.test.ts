import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { quietLog } from "../../../test/database/quiet-log.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database/test-database.ts";
import { createPgPool } from "./pools.ts";
import { diffSchema } from "./schema-diff.ts";
import { describeStructure } from "./structure.ts";

const STRUCTURE_FILE = join(import.meta.dirname, "../../../../../prisma/structure.txt");

let database: TestDatabase;
let pool: pg.Pool;

beforeEach(async () => {
  database = await createTestDatabase();
  pool = createPgPool(database.url, { log: quietLog, max: 4, name: "test" });
});

afterEach(async () => {
  await pool.end();
  await database.drop();
});

test("the migrations make what Prisma's models say, and nothing that they do not", async () => {
  expect(await diffSchema(database.url, "toModels")).toBeNull();
  expect(await diffSchema(database.url, "fromModels")).toBeNull();
});

test("a planted difference shows in both directions", async () => {
  await pool.query("ALTER TABLE team DROP COLUMN logo");
  expect(await diffSchema(database.url, "toModels")).toContain('ADD COLUMN     "logo" TEXT');
  expect(await diffSchema(database.url, "fromModels")).toContain('DROP COLUMN "logo"');
});

// After a new migration: UPDATE_STRUCTURE=1 pnpm test structure
test("a freshly migrated database is listed as prisma/structure.txt says", async () => {
  const listing = await describeStructure(pool);
  if (process.env["UPDATE_STRUCTURE"] === "1") writeFileSync(STRUCTURE_FILE, listing);
  expect(listing).toBe(readFileSync(STRUCTURE_FILE, "utf8"));
});

test.each([
  ["missing trigger", "DROP TRIGGER audit_event_is_append_only ON audit_event"],
  ["disabled trigger", "ALTER TABLE api_key DISABLE TRIGGER api_key_keeps_its_identity"],
  [
    "changed function",
    "CREATE OR REPLACE FUNCTION refuse_statement() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
  ],
  ["missing CHECK", "ALTER TABLE member DROP CONSTRAINT member_role_known"],
  ["missing partial index", "DROP INDEX api_key_one_unrevoked_replacement"],
  ["changed storage", "ALTER TABLE api_key_last_used RESET (fillfactor)"],
])("a planted %s is not listed so", async (_what, sql) => {
  await pool.query(sql);
  expect(await describeStructure(pool)).not.toBe(readFileSync(STRUCTURE_FILE, "utf8"));
});
