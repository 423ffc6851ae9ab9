import type { Pool } from "pg";
import { takeAlike, type BucketCall } from "./bucket-calls.ts";
import { describeDecisions, type RateLimitDecision, type RateLimitPolicy } from "./gcra.ts";
import type { NamedBucket } from "./memory-store.ts";
import type { RateLimitStore } from "./rate-limit-store.ts";

/** `debtSince` of gcra.ts. */
const DEBT_SINCE_TAKEN_OVER = `
  CASE WHEN $5::timestamptz IS NULL THEN 0 ELSE greatest(0,
    least((extract(epoch FROM $5::timestamptz - now) * 1000000)::bigint + $3::bigint, $3::bigint) * $2::bigint - $3::bigint)
  END`;

/**
 * takeToken of gcra.ts, in SQL, for as many calls at once as have come: $1 the bucket, $2 the limit, $3 the window in
 * microseconds, which is also what a call costs, $4 how many calls, $5 when this store took over from another, or null.
 * One statement; the row's lock makes it exact over all processes. The clock is read in a subquery, which runs when the
 * row is locked: read before, a call that waited for others would be judged by the time it came, and could be refused
 * although its bucket has refilled since.
 */
const TAKE = {
  name: "take_rate_limit_tokens",
  text: `
    INSERT INTO rate_bucket AS bucket (key, tat, fraction, admitted)
    SELECT $1, now + (debt + admitted_now * $3::bigint) / $2::bigint * interval '1 microsecond',
           (debt + admitted_now * $3::bigint) % $2::bigint, admitted_now
      FROM (
        SELECT now, debt, least($4::bigint, ($2::bigint * $3::bigint - debt) / $3::bigint) AS admitted_now
          FROM (SELECT now, ${DEBT_SINCE_TAKEN_OVER} AS debt FROM (SELECT clock_timestamp() AS now OFFSET 0) AS clock) AS untold
      ) AS judged
    ON CONFLICT (key) DO UPDATE SET (tat, fraction, admitted) = (
      SELECT now + debt_after / $2::bigint * interval '1 microsecond', debt_after % $2::bigint, admitted_now
        FROM (
          SELECT now, admitted_now, debt + admitted_now * $3::bigint AS debt_after
            FROM (
              SELECT now, debt, least($4::bigint, ($2::bigint * $3::bigint - debt) / $3::bigint) AS admitted_now
                FROM (
                  SELECT now, greatest(${DEBT_SINCE_TAKEN_OVER}, least(
                           least((extract(epoch FROM bucket.tat - now) * 1000000)::bigint, $3::bigint) * $2::bigint
                             + least(bucket.fraction, $2::bigint - 1), $2::bigint * $3::bigint)) AS debt
                    FROM (SELECT clock_timestamp() AS now OFFSET 0) AS clock
                ) AS spent
            ) AS judged
        ) AS taken
    )
    RETURNING admitted, fraction::float8 AS fraction,
              (extract(epoch FROM bucket.tat - clock_timestamp()) * 1000000)::float8 AS ahead`,
};

const GIVE_BACK = {
  name: "give_rate_limit_tokens_back",
  text: `
    UPDATE rate_bucket SET tat = tat - $4::bigint * $3::bigint / $2::bigint * interval '1 microsecond' WHERE key = $1`,
};

interface Row {
  admitted: number;
  fraction: number;
  /** Microseconds until the bucket is full, by the database's clock. */
  ahead: number;
}

/**
 * Buckets of all processes, by the database's clock. Named statements on a pool of `pg`.
 *
 * Of one bucket a process has one statement under way, and the calls that come meanwhile share the next: they would only
 * wait for each other's lock, and one busy key would hold every connection while it does.
 */
export function createPostgresStore(pool: Pool, takenOverAt: Date | null = null): RateLimitStore {
  const waiting = new Map<string, BucketCall[]>();

  const send = async (name: string, kind: BucketCall["kind"], count: number, policy: RateLimitPolicy) => {
    const values = [name, policy.limit, policy.windowSeconds * 1_000_000, count];
    const { rows } = await (kind === "take"
      ? pool.query<Row>({ ...TAKE, values: [...values, takenOverAt] })
      : pool.query<Row>({ ...GIVE_BACK, values }));
    const [row] = rows;
    if (row === undefined) return [];
    const outcome = { calls: count, admitted: row.admitted };
    return describeDecisions(outcome, { tat: row.ahead, fraction: row.fraction }, 0, policy);
  };

  const work = async (name: string, queue: BucketCall[]) => {
    for (let [first] = queue; first !== undefined; [first] = queue) {
      const { kind, policy } = first;
      const together = takeAlike(queue);
      try {
        const decisions = await send(name, kind, together.length, policy);
        for (const [index, { decided }] of together.entries()) decided(decisions[index] ?? null);
      } catch (error) {
        for (const { failed } of together) failed(error);
      }
    }
    waiting.delete(name);
  };

  const enqueue = (name: string, kind: BucketCall["kind"], policy: RateLimitPolicy) =>
    new Promise<RateLimitDecision | null>((decided, failed) => {
      const call = { kind, policy, decided, failed };
      const queue = waiting.get(name);
      if (queue !== undefined) return void queue.push(call);
      const started = [call];
      waiting.set(name, started);
      void work(name, started);
    });

  return {
    async take(name, policy) {
      const decision = await enqueue(name, "take", policy);
      if (decision === null) throw new Error("The statement that takes tokens returned no row.");
      return decision;
    },
    async giveBack(name, policy) {
      await enqueue(name, "give back", policy);
    },
  };
}

// A bucket that is full is as good as none. In batches, so that no statement runs into its limit of time, and by one
// process at a time, so that two never wait for each other's rows.
const DELETE_FULL = `
  DELETE FROM rate_bucket
   WHERE key IN (SELECT key FROM rate_bucket WHERE tat < clock_timestamp() - interval '1 minute' LIMIT 5000)
     AND tat < clock_timestamp() - interval '1 minute'
     AND pg_try_advisory_xact_lock(hashtext('latchkey rate_bucket'))`;

const SAVE = `
  INSERT INTO rate_bucket AS stored (key, tat, fraction)
  SELECT name, 'epoch'::timestamptz + tat * interval '1 microsecond', fraction
    FROM unnest($1::text[], $2::float8[], $3::bigint[]) AS new (name, tat, fraction) ORDER BY name
  ON CONFLICT (key) DO UPDATE SET tat = greatest(stored.tat, excluded.tat)`;

const LOAD = `
  SELECT key AS name, (extract(epoch FROM tat) * 1000000)::float8 AS tat, fraction::float8 AS fraction
    FROM rate_bucket WHERE tat > clock_timestamp()`;

/** The table as a whole: what a memory store leaves to its next start, and the sweeping of what nobody needs. */
export function createBucketTable(pool: Pool) {
  return {
    async load(): Promise<NamedBucket[]> {
      return (await pool.query<NamedBucket>(LOAD)).rows;
    },
    async save(buckets: readonly NamedBucket[]): Promise<void> {
      if (buckets.length === 0) return;
      const columns = [
        buckets.map(({ name }) => name),
        buckets.map(({ tat }) => tat),
        buckets.map(({ fraction }) => fraction),
      ];
      await pool.query(SAVE, columns);
    },
    async deleteFull(): Promise<void> {
      for (let deleted = 1; deleted > 0;) deleted = (await pool.query(DELETE_FULL)).rowCount ?? 0;
    },
  };
}

export type BucketTable = ReturnType<typeof createBucketTable>;
