import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database/test-database.ts";
import { rateLimitPolicy, takeToken, type Bucket } from "./gcra.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createBucketTable, createPostgresStore } from "./postgres-store.repository.ts";
import type { RateLimitStore } from "./rate-limit-store.ts";

const SECOND = 1_000_000;
const START = 1_795_000_000 * SECOND;

interface TimedStore {
  readonly store: RateLimitStore;
  /** The clock that the store reads, in microseconds since START. */
  setClock(now: number): Promise<void> | void;
}

/** A schema in front of PostgreSQL's own, whose clock says what it is told: the statements run as they are. */
const CLOCK = `
  CREATE SCHEMA told;
  CREATE FUNCTION told.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
    RETURN 'epoch'::timestamptz + current_setting('told.now')::bigint * interval '1 microsecond';`;

let database: TestDatabase;
let toldPool: pg.Pool;
const stores: Record<string, TimedStore> = {};

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
    store: createMemoryStore({ now: () => memoryNow }),
    setClock: (now) => void (memoryNow = START + now),
  };
  stores["postgres"] = {
    store: createPostgresStore(toldPool),
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

let named = 0;
const newName = () => `bucket:${(named += 1)}`;

// The arithmetic is gcra.test.ts's, with 1,000 rounds: here a round is many statements.
const ROUNDS = { memory: 1_000, postgres: 200 };

describe.each(["memory", "postgres"] as const)("the %s store", (kind) => {
  const timed = (): TimedStore => stores[kind] as TimedStore;

  test("decides like GCRA itself, whatever the pauses, steps of the clock and changes of plan", async () => {
    const limit = fc.oneof(fc.constantFrom(1, 2, 3, 7, 60), fc.integer({ min: 1, max: 8_000 }));
    const pause = fc.oneof(fc.constant(0), fc.integer({ min: -SECOND, max: 90 * SECOND }));
    const calls = fc.array(fc.tuple(pause, limit), { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), calls, async (firstLimit, sequence) => {
        const { store, setClock } = timed();
        const name = newName();
        let now = 0;
        let bucket: Bucket | null = null;
        for (const [pauseFor, nextLimit] of [
          ...Array.from({ length: 7 }, () => [0, firstLimit] as const),
          ...sequence,
        ]) {
          now += pauseFor;
          await setClock(now);
          const policy = rateLimitPolicy(nextLimit, 60);
          const expected = takeToken(bucket, START + now, policy);
          bucket = expected.bucket;
          expect(await store.take(name, policy)).toEqual(expected.decision);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("refuses none of a minute of 9 calls a second under 600 a minute", async () => {
    const { store, setClock } = timed();
    const name = newName();
    let refused = 0;
    for (let call = 0; call < 540; call += 1) {
      await setClock(Math.floor((call * SECOND) / 9));
      refused += (await store.take(name, rateLimitPolicy(600, 60))).isAdmitted ? 0 : 1;
    }
    expect(refused).toBe(0);
  });

  test("admits every sole retry after Retry-After", async () => {
    const { store, setClock } = timed();
    let admitted = 0;
    for (let round = 0; round < ROUNDS[kind]; round += 1) {
      const name = newName();
      const policy = rateLimitPolicy((round % 3) + 1, 7 + (round % 600));
      let now = round * 1_003;
      await setClock(now);
      let decision = await store.take(name, policy);
      while (decision.isAdmitted) decision = await store.take(name, policy);
      now += decision.retryAfterSeconds * SECOND;
      await setClock(now);
      admitted += (await store.take(name, policy)).isAdmitted ? 1 : 0;
    }
    expect(admitted).toBe(ROUNDS[kind]);
  });

  test("admits exactly the capacity of calls that come at once", async () => {
    const { store, setClock } = timed();
    await setClock(0);
    const name = newName();
    const decisions = await Promise.all(
      Array.from({ length: 200 }, () => Promise.resolve(store.take(name, rateLimitPolicy(60, 60)))),
    );
    expect(decisions.filter(({ isAdmitted }) => isAdmitted)).toHaveLength(60);
  });

  test("takes a token back", async () => {
    const { store, setClock } = timed();
    await setClock(0);
    const name = newName();
    const policy = rateLimitPolicy(1, 600);
    await store.take(name, policy);
    expect(await store.take(name, policy)).toMatchObject({ isAdmitted: false, retryAfterSeconds: 600 });
    await store.giveBack(name, policy);
    expect(await store.take(name, policy)).toMatchObject({ isAdmitted: true });
  });
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
  now += 121 * SECOND;
  store.take("late", policy);
  expect(store.spent().map(({ name }) => name)).toEqual(["late"]);
});
