import fc from "fast-check";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { quietLog } from "../../../test/database/quiet-log.ts";
import { createTestDatabase } from "../../../test/database/test-database.ts";
import { createPgPool } from "./pools.ts";
import { createRead, type Read } from "./reader.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: pg.Pool;
let read: Read;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPgPool(database.url, { log: quietLog, max: 1, name: "test" });
  read = createRead(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const words = fc.array(
  fc.oneof(
    fc.constantFrom(null, "NULL", "null", "", "analytics:read", "a,b", '"', "\\", "{}", " a ", "é"),
    fc.string().filter((text) => !text.includes("\0")),
  ),
  { maxLength: 4 },
);
const instants = fc.oneof(
  fc.constantFrom(
    "infinity",
    "-infinity",
    "0001-01-01 00:00:00+00 BC",
    "12026-01-01 00:00:00+00",
    "2026-02-28 23:59:59.999999+00",
  ),
  fc
    .date({ min: new Date("1900-01-01T00:00:00Z"), max: new Date("9999-12-31T00:00:00Z"), noInvalidDate: true })
    .map((date) => date.toISOString()),
  fc.constant(null),
);

test.each(["UTC", "Asia/Kolkata"])("reads what pg reads, in a session in %s", async (zone) => {
  await pool.query(`SET timezone = '${zone}'`);
  await fc.assert(
    fc.asyncProperty(words, instants, async (texts, instant) => {
      const statement = {
        text: "SELECT $1::text[] AS texts, $2::timestamptz AS instant, 7::int8 AS number",
        values: [texts, instant],
      };
      const { rows } = await pool.query(statement);
      expect(await read(statement)).toEqual(rows);
      expect(await read(statement, "named")).toEqual(rows);
    }),
    { numRuns: 60 },
  );
});
