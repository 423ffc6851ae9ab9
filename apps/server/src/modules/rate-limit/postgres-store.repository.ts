import type { Pool } from "pg";
import { describeDecision } from "./gcra.ts";
import type { NamedBucket } from "./memory-store.ts";
import type { RateLimitStore } from "./rate-limit-store.ts";

/**
 * takeToken of gcra.ts, in SQL: $1 the bucket, $2 the limit, $3 the window in microseconds, which is also what a call
 * costs. One statement; the row's lock makes it exact over all processes. The clock is read in a subquery, which runs
 * when the row is locked: read before, a call that waited for others would be judged by the time it came, and could be
 * refused although its bucket has refilled since.
 */
const TAKE = {
  name: "take_rate_limit_token",
  text: `
    INSERT INTO rate_bucket AS bucket (key, tat, fraction, admitted)
    VALUES ($1, clock_timestamp() + $3::bigint / $2::bigint * interval '1 microsecond', $3::bigint % $2::bigint, true)
    ON CONFLICT (key) DO UPDATE SET (tat, fraction, admitted) = (
      SELECT now + debt_after / $2::bigint * interval '1 microsecond', debt_after % $2::bigint, is_admitted
        FROM (
          SELECT now, is_admitted, CASE WHEN is_admitted THEN debt + $3::bigint ELSE debt END AS debt_after
            FROM (
              SELECT now, debt, debt + $3::bigint <= $2::bigint * $3::bigint AS is_admitted
                FROM (
                  SELECT now, least(greatest(
                           least((extract(epoch FROM bucket.tat - now) * 1000000)::bigint, $3::bigint) * $2::bigint
                             + least(bucket.fraction, $2::bigint - 1), 0), $2::bigint * $3::bigint) AS debt
                    FROM (SELECT clock_timestamp() AS now OFFSET 0) AS clock
                ) AS spent
            ) AS judged
        ) AS taken
    )
    RETURNING admitted, fraction::float8 AS fraction,
              (extract(epoch FROM bucket.tat - clock_timestamp()) * 1000000)::float8 AS ahead`,
};

const GIVE_BACK = {
  name: "give_rate_limit_token_back",
  text: `UPDATE rate_bucket SET tat = tat - $3::bigint / $2::bigint * interval '1 microsecond' WHERE key = $1`,
};

interface Row {
  admitted: boolean;
  fraction: number;
  /** Microseconds until the bucket is full, by the database's clock. */
  ahead: number;
}

/** Buckets of all processes, by the database's clock. Named statements on a pool of `pg`. */
export function createPostgresStore(pool: Pool): RateLimitStore {
  return {
    async take(name, policy) {
      const { limit, windowSeconds } = policy;
      const { rows } = await pool.query<Row>({ ...TAKE, values: [name, limit, windowSeconds * 1_000_000] });
      const row = rows[0];
      if (row === undefined) throw new Error("The statement that takes a token returned no row.");
      return describeDecision(row.admitted, { tat: row.ahead, fraction: row.fraction }, 0, policy);
    },
    async giveBack(name, { limit, windowSeconds }) {
      await pool.query({ ...GIVE_BACK, values: [name, limit, windowSeconds * 1_000_000] });
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
