import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { quietLog } from "../../../test/database/quiet-log.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database/test-database.ts";
import { createPgPool } from "../../platform/database/pools.ts";
import { dayOf, daysAround } from "./days.ts";
import { createPartitions, type Partitions } from "./partitions.repository.ts";

let database: TestDatabase;
let pools: pg.Pool[];
let partitions: Partitions[];

beforeEach(async () => {
  database = await createTestDatabase();
  pools = [1, 2, 3].map(() => createPgPool(database.url, { log: quietLog, max: 2, name: "test" }));
  partitions = pools.map(createPartitions);
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await database.drop();
});

const sql = async (text: string) => (await pools[0]?.query<Record<string, unknown>>(text))?.rows ?? [];
const daysThereAre = async () =>
  (
    await sql(`SELECT to_char(to_date(right(c.relname, 8), 'YYYYMMDD'), 'YYYY-MM-DD') AS day FROM pg_inherits i
               JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'activity'::regclass ORDER BY 1`)
  ).map(({ day }) => String(day));
const tables = async () => (await sql("SELECT relname FROM pg_class WHERE relname ~ '^activity_\\d{8}$'")).length;
const daysAgo = (days: number) => dayOf(Date.now() - days * 86_400_000);

test("partitions are made once by however many servers, each for a day of UTC, with all indexes", async () => {
  const days = daysAround(Date.parse("2030-03-31T23:59:59Z"), 1, 8);
  await Promise.all(partitions.map((one) => one.ensure(days)));
  expect((await daysThereAre()).filter((day) => day.startsWith("2030"))).toEqual(days);
  const [bounds] = await sql(`
    SELECT pg_get_expr(relpartbound, oid) AS bounds,
           (SELECT count(*)::int FROM pg_index WHERE indrelid = c.oid AND indisvalid) AS indexes
      FROM pg_class c WHERE relname = 'activity_20300331'`);
  expect(bounds?.["bounds"]).toMatch(/FROM \('2030-03-31 00:00:00\+00'\) TO \('2030-04-01 00:00:00\+00'\)/);
  expect(bounds?.["indexes"]).toBe(3);
});

test("what is older than it is kept is dropped, and nothing else, by however many servers; the counts stay", async () => {
  await partitions[0]?.ensure([daysAgo(400), daysAgo(92), daysAgo(91), daysAgo(90), daysAgo(89)]);
  await sql(`INSERT INTO activity_hour VALUES ('team_1', 'key_1', now() - interval '400 days', '', 7)`);
  await Promise.all(partitions.map((one) => one.dropOlderThan(90).catch(() => undefined)));
  await partitions[0]?.dropOlderThan(90);
  const days = await daysThereAre();
  expect(days.slice(0, 2)).toEqual([daysAgo(90), daysAgo(89)]);
  expect(await tables()).toBe(days.length);
  expect(await sql("SELECT calls::int AS calls FROM activity_hour")).toEqual([{ calls: 7 }]);
});

test("a drop that was cut off half-way is finished by the next", async () => {
  const [old, older] = [daysAgo(100), daysAgo(101)].map((day) => `activity_${day.replaceAll("-", "")}`);
  await partitions[0]?.ensure([daysAgo(100), daysAgo(101)]);
  // One ended between detaching and dropping, one while it waited for a reader.
  await sql(`ALTER TABLE activity DETACH PARTITION ${older}`);
  const reader = new pg.Client({ connectionString: database.url });
  await reader.connect();
  await reader.query("BEGIN; SELECT count(*) FROM activity");
  const detacher = new pg.Client({ connectionString: database.url });
  detacher.on("error", () => undefined);
  await detacher.connect();
  const cut = detacher.query(`ALTER TABLE activity DETACH PARTITION ${old} CONCURRENTLY`).catch(() => "cut");
  await expect.poll(async () => sql("SELECT 1 AS one FROM pg_inherits WHERE inhdetachpending")).toHaveLength(1);
  await sql(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE activity DETACH%' AND pid <> pg_backend_pid()",
  );
  expect(await cut).toBe("cut");
  await reader.end();
  await detacher.end().catch(() => undefined);
  await partitions[0]?.dropOlderThan(90);
  expect(await tables()).toBe((await daysThereAre()).length);
  expect(await daysThereAre()).not.toContain(daysAgo(100));
});

test("a day that is wanted again while its old table is on its way out is made anew", async () => {
  const day = daysAgo(200);
  await partitions[0]?.ensure([day]);
  await sql(`ALTER TABLE activity DETACH PARTITION activity_${day.replaceAll("-", "")}`);
  await partitions[0]?.ensure([day]);
  expect(await daysThereAre()).toContain(day);
});
