import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { answeredCall, callRow } from "../../../test/calls.ts";
import { openDatabaseGate, type DatabaseGate } from "../../../test/database/database-gate.ts";
import { quietLog } from "../../../test/database/quiet-log.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database/test-database.ts";
import { createPgPool } from "../../platform/database/pools.ts";
import { createLogger } from "../../platform/logger.ts";
import { createActivity, type Activity } from "./activity.service.ts";
import type { ActivityDurability } from "./call.ts";

// Here the database is cut off, loses its answers and comes back: every call is to be stored, and counted, once.

const TIMEOUTS = { acquireMs: 1_000, queryMs: 2_000, statementMs: 2_000, lockMs: 1_000 };
const TEAM = "team_aaaaaaaaaaaaaaaaaaaa";
const USER = "user_aaaaaaaaaaaaaaaaaaaa";

let database: TestDatabase;
let gate: DatabaseGate;
let operator: pg.Pool;
let folder: string;
let keyIds: string[];
const running: Activity[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  operator = new pg.Pool({ connectionString: database.url, max: 2 });
  await operator.query(`
    INSERT INTO "user" (id, name, email, updated_at) VALUES ('${USER}', 'Ada', 'ada@acme.example', now());
    INSERT INTO team (id, name, slug) VALUES ('${TEAM}', 'Acme Ads', 'acme-ads');
    INSERT INTO pepper (id, fingerprint) VALUES ('p1', '\\x01')`);
});
afterAll(async () => {
  await operator.end();
  await database.drop();
});

beforeEach(async () => {
  gate = await openDatabaseGate(database.url);
  folder = mkdtempSync(join(tmpdir(), "latchkey-spool-"));
  keyIds = await Promise.all([1, 2, 3].map(newKey));
});
afterEach(async () => {
  gate.open();
  for (const activity of running.splice(0)) await activity.stop();
  await gate.close();
  rmSync(folder, { recursive: true, force: true });
});

async function newKey(): Promise<string> {
  const id = `key_${randomBytes(10).toString("hex")}`;
  await operator.query(
    `INSERT INTO api_key (id, team_id, created_by_id, name, prefix, secret_hash, pepper_id, permissions)
     VALUES ($1, $2, $3, 'Key', 'lk_1a2B', $4, 'p1', '{reports:read}')`,
    [id, TEAM, USER, randomBytes(32)],
  );
  return id;
}

async function start(durability: ActivityDurability = "second", maxWaiting?: number): Promise<Activity> {
  const pool = createPgPool(gate.url, { log: quietLog, max: 2, name: "test", timeouts: TIMEOUTS });
  const logger = createLogger({ level: "silent" });
  const bound = maxWaiting === undefined ? {} : { maxWaiting };
  const activity = createActivity({ pool, spoolFolder: folder, durability, retentionDays: 90, ...bound, logger });
  running.push(activity);
  await activity.start();
  return activity;
}

const stop = async (activity: Activity) => {
  running.splice(running.indexOf(activity), 1);
  await activity.stop();
};
const call = (activity: Activity, keyId: string, status = 200) => {
  const one = answeredCall({ keyId, teamId: TEAM, userId: USER }, { status });
  if (status === 429) one.notes.code = "rate_limited";
  if (status === 401) one.notes.keyRefusal = "key_revoked";
  return activity.record(one);
};
const isAdmitting = (activity: Activity) => {
  try {
    activity.admit();
    return true;
  } catch {
    return false;
  }
};

/** What the database says of each of these keys, three times over. */
async function counted(keys: readonly string[]) {
  const { rows } = await operator.query<{ listed: number; hourly: number; refused: number }>(
    `SELECT coalesce((SELECT sum(calls) FROM activity WHERE key_id = k), 0)::int AS listed,
            coalesce((SELECT sum(calls) FROM activity_hour WHERE subject = k), 0)::int AS hourly,
            coalesce((SELECT refused_since_revocation FROM api_key_last_used WHERE key_id = k), 0)::int AS refused
       FROM unnest($1::text[]) AS k`,
    [keys],
  );
  return rows;
}
const times = (count: number, refused = 0) => ({ listed: count, hourly: count, refused });

test("whatever happens between calls and flushes, every call counts once", async () => {
  const activity = await start();
  const step = fc.oneof(
    fc.record({ what: fc.constant("call"), key: fc.nat(2), status: fc.constantFrom(200, 401, 429, 429) }),
    fc.record({
      what: fc.constantFrom("flush", "flush", "shut", "lose", "open"),
      key: fc.nat(2),
      status: fc.constant(0),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const keys = await Promise.all([1, 2, 3].map(newKey));
      const expected = keys.map(() => times(0));
      for (const { what, key, status } of steps) {
        const total = expected[key];
        if (what === "call" && total !== undefined) {
          void call(activity, keys[key] ?? "", status);
          total.listed += 1;
          total.hourly += 1;
          if (status === 401) total.refused += 1;
        } else if (what === "flush") await activity.flush().catch(() => undefined);
        else if (what === "shut") gate.shut();
        else if (what === "lose") gate.loseAnswers();
        else gate.open();
      }
      gate.open();
      await expect
        .poll(
          () =>
            activity.flush().then(
              () => true,
              () => false,
            ),
          { timeout: 10_000 },
        )
        .toBe(true);
      expect(await counted(keys)).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});

test("calls wait while the database is away, new ones are refused after a second, and it recovers by itself", async () => {
  const activity = await start();
  gate.shut();
  void call(activity, keyIds[0] ?? "");
  expect(isAdmitting(activity)).toBe(true);
  await expect.poll(() => isAdmitting(activity), { timeout: 5_000 }).toBe(false);
  expect(activity.report()).toMatchObject({ waiting: 1, stored: 0 });
  expect(activity.report().oldestMilliseconds).toBeGreaterThan(1_000);
  gate.open();
  await expect.poll(() => isAdmitting(activity), { timeout: 5_000 }).toBe(true);
  expect(await counted(keyIds)).toEqual([times(1), times(0), times(0)]);
});

test("a full queue refuses new calls at once, until there is room again", async () => {
  const activity = await start("second", 3);
  gate.shut();
  const admitted = Array.from({ length: 4 }, () => {
    const isAdmitted = isAdmitting(activity);
    void call(activity, keyIds[0] ?? "");
    return isAdmitted;
  });
  expect(admitted).toEqual([true, true, true, false]);
  gate.open();
  await expect.poll(() => isAdmitting(activity), { timeout: 5_000 }).toBe(true);
  // What was answered all the same is recorded.
  await expect.poll(() => counted(keyIds.slice(0, 1)), { timeout: 5_000 }).toEqual([times(4)]);
});

test("a flush of which nobody knows whether it was committed is repeated, and counts once", async () => {
  const activity = await start();
  gate.loseAnswers();
  for (let one = 0; one < 5; one += 1) void call(activity, keyIds[0] ?? "", 401);
  await expect(activity.flush()).rejects.toThrow(/Connection terminated/);
  await expect.poll(() => counted(keyIds.slice(0, 1))).toEqual([times(5, 5)]);
  expect(activity.report().waiting).toBe(5);
  gate.open();
  await expect.poll(() => activity.report().waiting).toBe(0);
  expect(await counted(keyIds.slice(0, 1))).toEqual([times(5, 5)]);
});

test("processes that flush the same keys at once neither deadlock nor miscount", async () => {
  const activities = await Promise.all([start(), start(), start()]);
  for (let round = 0; round < 20; round += 1) {
    for (const activity of activities)
      for (const keyId of round % 2 === 0 ? keyIds : keyIds.toReversed()) void call(activity, keyId);
    await Promise.all(activities.map((activity) => activity.flush()));
  }
  expect(activities.map((activity) => activity.report().failures)).toEqual([0, 0, 0]);
  expect(await counted(keyIds)).toEqual([times(60), times(60), times(60)]);
});

describe("a stop", () => {
  test("stores what waits", async () => {
    const activity = await start();
    void call(activity, keyIds[0] ?? "");
    await stop(activity);
    expect(await counted(keyIds)).toEqual([times(1), times(0), times(0)]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("with the database away leaves its calls to the next starts, which store them once", async () => {
    const activity = await start();
    gate.shut();
    for (const status of [200, 429, 429, 401]) void call(activity, keyIds[0] ?? "", status);
    await stop(activity);
    const [file = "", ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(await counted(keyIds.slice(0, 1))).toEqual([times(0)]);
    gate.open();
    await Promise.all([start(), start()]);
    expect(await counted(keyIds.slice(0, 1))).toEqual([times(4, 1)]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("that was not told whether its last flush was committed leaves it as well, and it counts once", async () => {
    const activity = await start();
    gate.loseAnswers();
    void call(activity, keyIds[0] ?? "");
    await stop(activity);
    expect(readdirSync(folder)).toHaveLength(1);
    gate.open();
    await start();
    expect(await counted(keyIds.slice(0, 1))).toEqual([times(1)]);
  });
});

describe("ACTIVITY_DURABILITY=commit", () => {
  test("lets an answer leave when its row is committed", async () => {
    const activity = await start("commit");
    const stored = await Promise.all(Array.from({ length: 50 }, async () => call(activity, keyIds[0] ?? "")));
    expect(stored).toEqual(Array.from({ length: 50 }, () => true));
    expect(await counted(keyIds.slice(0, 1))).toEqual([times(50)]);
  });

  test("says within two seconds that it was not, and stores the row when that is possible", async () => {
    const activity = await start("commit");
    gate.shut();
    expect(await call(activity, keyIds[0] ?? "")).toBe(false);
    gate.open();
    await expect.poll(() => counted(keyIds.slice(0, 1)), { timeout: 5_000 }).toEqual([times(1)]);
  });
});

describe("a row that the database would not have", () => {
  const owned = () => ({ id: keyIds[0] ?? "", teamId: TEAM, userId: USER });

  test("stops none behind it", async () => {
    const activity = await start();
    const good = Array.from({ length: 9 }, () => callRow(owned()));
    await activity.store([...good.slice(0, 4), callRow(owned(), { status: 1_000_000 }), ...good.slice(4)]);
    expect(await counted(keyIds.slice(0, 1))).toEqual([times(9)]);
    expect(activity.report().unstorable).toBe(1);
  });

  test("of a day without a partition gets one", async () => {
    const activity = await start();
    const { rows } = await operator.query<{ name: string }>(
      "SELECT 'activity_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD') AS name",
    );
    await operator.query(`ALTER TABLE activity DETACH PARTITION ${rows[0]?.name}; DROP TABLE ${rows[0]?.name}`);
    void call(activity, keyIds[0] ?? "");
    await activity.flush();
    expect((await counted(keyIds.slice(0, 1)))[0]?.listed).toBe(1);
  });

  test("can hold every character that there is", async () => {
    const activity = await start();
    const operation = `"{\\},NULL 'é🔑\0\n`;
    await activity.store([callRow(owned(), { operation, code: "null" })]);
    const { rows } = await operator.query("SELECT operation, code FROM activity WHERE key_id = $1", [keyIds[0]]);
    expect(rows).toEqual([{ operation: operation.replace("\0", ""), code: "null" }]);
  });
});
