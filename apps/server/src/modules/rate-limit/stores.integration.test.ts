import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database/test-database.ts";
import { START, testStore, type TimedStores } from "../../../test/rate-limit-store-model.ts";
import { rateLimitPolicy } from "./gcra.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createBucketTable, createPostgresStore } from "./postgres-store.repository.ts";

/** A schema in front of PostgreSQL's own, whose clock says what it is told: the statements run as they are. */
const CLOCK = `
  CREATE SCHEMA told;
  CREATE FUNCTION told.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
    RETURN 'epoch'::timestamptz + current_setting('told.now')::bigint * interval '1 microsecond';`;

let database: TestDatabase;
let toldPool: pg.Pool;
const stores: Record<string, TimedStores> = {};

beforeAll(async () => {
  database = await createTestDatabase();
  const plain = new pg.Client({ connectionString: database.url });
  await plain.connect();
  await plain.query(CLOCK);
  await plain.end();
  // One connection: the clock is a setting of it.
  toldPool = new pg.Pool({
    connectionString: database.url,
    max: 1,
    idleTimeoutMillis: 0,
    options: "-c search_path=told,public,pg_catalog",
  });
  toldPool.on("error", () => undefined);
  let memoryNow = START;
  stores["memory"] = {
    open(takenOverAt) {
      const store = createMemoryStore({ now: () => memoryNow });
      if (takenOverAt !== null) store.takeOver(START + takenOverAt);
      return store;
    },
    setClock: (now) => void (memoryNow = START + now),
  };
  stores["postgres"] = {
    open: (takenOverAt) =>
      createPostgresStore(toldPool, takenOverAt === null ? null : new Date((START + takenOverAt) / 1_000)),
    setClock: async (now) =>
      void (await toldPool.query("SELECT set_config('told.now', $1, false)", [String(START + now)])),
  };
});

afterAll(async () => {
  await toldPool.end();
  await database.drop();
});

function openPool(): pg.Pool {
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  // Dropping the database ends its connections.
  pool.on("error", () => undefined);
  return pool;
}

describe.each([
  ["memory", 1_000],
  ["postgres", 200],
] as const)("the %s store", (kind, rounds) => {
  testStore(() => stores[kind] as TimedStores, rounds);
});

describe("the table of buckets", () => {
  test("loses the full ones and keeps the others", async () => {
    const pool = openPool();
    try {
      await pool.query(`TRUNCATE rate_bucket`);
      await pool.query(
        `INSERT INTO rate_bucket (key, tat) SELECT 'old:' || n, now() - interval '2 minutes' FROM generate_series(1, 6000) AS n`,
      );
      await createPostgresStore(pool).take("spent", rateLimitPolicy(1, 60));
      await createBucketTable(pool).deleteFull();
      const { rows } = await pool.query<{ key: string }>("SELECT key FROM rate_bucket");
      expect(rows).toEqual([{ key: "spent" }]);
    } finally {
      await pool.end();
    }
  });

  test("gives a memory store's buckets to the next one, which is as far spent", async () => {
    const pool = openPool();
    try {
      await pool.query(`TRUNCATE rate_bucket`);
      const table = createBucketTable(pool);
      const now = Date.now() * 1_000;
      const policy = rateLimitPolicy(7, 60);
      const before = createMemoryStore({ now: () => now });
      for (let call = 0; call < 8; call += 1) before.take("key:spent", policy);
      before.take("key:half", policy);
      await table.save(before.spent());
      const after = createMemoryStore({ now: () => now });
      after.restore(await table.load());
      expect(after.take("key:spent", policy)).toMatchObject({ isAdmitted: false, remaining: 0 });
      expect(after.take("key:half", policy)).toMatchObject({ isAdmitted: true, remaining: 5 });
      expect(after.spent()).toEqual(expect.arrayContaining(before.spent().filter(({ name }) => name === "key:spent")));
    } finally {
      await pool.end();
    }
  });
});

test("a memory store forgets what is full, and under a bound the longest unused", () => {
  let now = START;
  const policy = rateLimitPolicy(10, 60);
  const store = createMemoryStore({ now: () => now, maxBuckets: 1_000 });
  for (let stranger = 0; stranger < 5_000; stranger += 1) store.take(`stranger:${stranger}`, policy);
  expect(store.spent()).toHaveLength(1_000);
  expect(store.spent().at(-1)?.name).toBe("stranger:4999");
  now += 121_000_000;
  store.take("late", policy);
  expect(store.spent().map(({ name }) => name)).toEqual(["late"]);
});
