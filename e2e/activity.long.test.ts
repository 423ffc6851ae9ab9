import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createActivityReading } from "../apps/server/src/modules/activity/activity-reading.repository.ts";
import { daysAround } from "../apps/server/src/modules/activity/days.ts";
import { createPartitions } from "../apps/server/src/modules/activity/partitions.repository.ts";
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from "../apps/server/src/platform/database/embedded-postgres.ts";
import { migrate } from "../apps/server/src/platform/database/migrations.ts";
import { createPgPool, createPrisma } from "../apps/server/src/platform/database/pools.ts";
import { findRunningPostgres } from "../apps/server/src/platform/database/running-postgres.ts";
import { quietLog } from "../apps/server/test/database/quiet-log.ts";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import { fillActivity, type FilledActivity } from "../apps/server/test/fill-activity.ts";
import { statementsOf } from "../apps/server/test/statement-count.ts";
import { endProducts, launch, newDataDir, startProduct, whenServing } from "./product.ts";

afterAll(endProducts);

describe("a million calls in ninety days", () => {
  let postgres: EmbeddedPostgres;
  let filled: FilledActivity;
  let reading: ReturnType<typeof createActivityReading>;
  let pool: ReturnType<typeof createPgPool>;

  beforeAll(async () => {
    postgres = await startEmbeddedPostgres({ dataDir: await newDataDir(), log: quietLog, durable: false });
    await migrate({ url: postgres.url, log: quietLog });
    const timeouts = { acquireMs: 5_000, queryMs: 120_000, statementMs: 120_000, lockMs: 5_000 };
    // One connection, so that its statistics are those of all that is asked here.
    pool = createPgPool(postgres.url, { log: quietLog, max: 1, name: "test", timeouts });
    await createPartitions(pool).ensure(daysAround(Date.now(), 1, 8));
    filled = await fillActivity(pool, 1_000_000);
    reading = createActivityReading(createPrisma(pool), 90);
  }, 300_000);
  afterAll(async () => {
    await pool.end();
    await postgres.stop();
  });

  /** How many partitions were looked into, and how many of them from end to end. */
  async function looked(): Promise<{ partitions: number; wholly: number }> {
    await pool.query("SELECT pg_stat_force_next_flush()");
    const { rows } = await pool.query<{ partitions: number; wholly: number }>(
      `SELECT count(*) FILTER (WHERE seq_scan + idx_scan > 0)::int AS partitions, coalesce(sum(seq_scan), 0)::int AS wholly
         FROM pg_stat_user_tables WHERE relname ~ '^activity_\\d{8}$'`,
    );
    return rows[0] ?? { partitions: -1, wholly: -1 };
  }
  /** What this connection has looked into so far is told first, and then forgotten. */
  const forgetLooks = async () => {
    await pool.query("SELECT pg_stat_force_next_flush()");
    await pool.query("SELECT pg_stat_reset()");
  };
  const readPage = async (of: { teamId: string; keyId: string | null }) => {
    await forgetLooks();
    const { result, statements } = await statementsOf(() => reading.listCalls(of, null, 50));
    return { calls: result, statements: statements.length, ...(await looked()) };
  };

  test("the last calls of a key are read from the partitions that hold them", async () => {
    const [busy = filled.idle] = filled.keys;
    expect(await readPage(busy)).toMatchObject({ calls: { length: 50 }, statements: 2, partitions: 1, wholly: 0 });
  });

  test("those of an idle key too, and of one never used none is looked into", async () => {
    expect(await readPage(filled.idle)).toMatchObject({
      calls: { length: 50 },
      statements: 2,
      partitions: 1,
      wholly: 0,
    });
    expect(await readPage(filled.never)).toMatchObject({ calls: [], statements: 1, partitions: 0, wholly: 0 });
  });

  test("those of a team too", async () => {
    const [teamId = ""] = filled.teamIds;
    expect(await readPage({ teamId, keyId: null })).toMatchObject({ calls: { length: 50 }, partitions: 1, wholly: 0 });
  });

  test("page by page they are all there, once, newest first", async () => {
    const rare = filled.keys.at(-1) ?? filled.idle;
    const all = await runSql<{ id: string }>(
      postgres.url,
      "SELECT request_id AS id FROM activity WHERE key_id = $1 ORDER BY at DESC, request_id DESC",
      [rare.keyId],
    );
    const read: string[] = [];
    for (let before = null; ;) {
      const page = await reading.listCalls(rare, before, 7);
      read.push(...page.map(({ requestId }) => requestId));
      before = page.at(-1) ?? null;
      if (page.length < 7) break;
    }
    expect(read).toEqual(all.map(({ id }) => id));
    expect(await reading.listCalls({ ...rare, teamId: filled.teamIds[1] ?? "" }, null, 7)).toEqual([]);
  });

  test("a month of hours is one statement on the counts alone", async () => {
    const [busy = filled.idle] = filled.keys;
    await forgetLooks();
    const month = [new Date(Date.now() - 30 * 86_400_000), new Date()] as const;
    const { result, statements } = await statementsOf(() => reading.listHours(busy, ...month));
    expect(statements).toHaveLength(1);
    expect(await looked()).toEqual({ partitions: 0, wholly: 0 });
    const [counted] = await runSql<{ calls: number }>(
      postgres.url,
      "SELECT count(*)::int AS calls FROM activity WHERE key_id = $1 AND at >= date_trunc('hour', $2::timestamptz) + interval '1 hour'",
      [busy.keyId, month[0]],
    );
    expect(result.reduce((sum, { calls }) => sum + calls, 0)).toBe(counted?.calls);
  });
});

interface Answered {
  readonly id: string;
  readonly sentAt: number;
  readonly answeredAt: number;
}

/**
 * With `second`, a call is let in only while no row has waited longer: what was answered a second before the last one
 * that was let in was sent is recorded.
 */
const CERTAIN = {
  commit: () => true,
  second: (call: Answered, last: Answered) => call.answeredAt < last.sentAt - 1_000,
} as const;

test.each(["commit", "second"] as const)(
  "after kill -9 with ACTIVITY_DURABILITY=%s no call is lost that was answered so long ago",
  async (durability) => {
    const product = await startProduct({ env: { ACTIVITY_DURABILITY: durability } });
    const answered: Answered[] = [];
    let isKilled = false;
    const callOn = async () => {
      while (!isKilled) {
        const call = await answeredCallOf(product.url, product.printedKey);
        if (call !== null) answered.push(call);
      }
    };
    const certain = () => {
      const last = answered.reduce((one, other) => (other.sentAt > one.sentAt ? other : one), answered[0] ?? NO_CALL);
      return answered.filter((call) => CERTAIN[durability](call, last)).map(({ id }) => id);
    };
    const calling = Promise.all(Array.from({ length: 8 }, callOn));
    await expect.poll(() => certain().length).toBeGreaterThan(100);
    await product.kill();
    isKilled = true;
    await calling;
    const again = await launch({ dataDir: product.dataDir });
    await whenServing(again);
    const url = (await findRunningPostgres(product.dataDir, 10_000)) ?? "";
    const missing = await runSql(
      url,
      "SELECT id FROM unnest($1::text[]) AS id WHERE NOT EXISTS (SELECT FROM activity WHERE request_id = id)",
      [certain()],
    );
    expect(missing).toEqual([]);
    process.kill(again.pid, "SIGTERM");
    await again.exit;
  },
  180_000,
);

const NO_CALL: Answered = { id: "", sentAt: 0, answeredAt: 0 };

/** Null: it was not answered. */
async function answeredCallOf(url: string, key: string): Promise<Answered | null> {
  const sentAt = performance.now();
  try {
    const response = await fetch(`${url}/api/v1/auth/me`, { headers: { "x-api-key": key } });
    await response.arrayBuffer();
    const id = response.headers.get("x-request-id");
    return response.status === 200 && id !== null ? { id, sentAt, answeredAt: performance.now() } : null;
  } catch {
    return null;
  }
}
