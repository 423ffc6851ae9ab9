import pg from "pg";
import type { Day } from "./days.ts";

export interface Partitions {
  /** Makes the partitions of these days that are not there. */
  ensure(days: readonly Day[]): Promise<void>;
  /** Takes away the partitions of days that ended at least `retentionDays` ago, without stopping reads and writes. */
  dropOlderThan(retentionDays: number): Promise<void>;
}

/** Any number; the same in every server. */
const LOCK_KEY = 5_391_274_412;
/** DETACH CONCURRENTLY waits for everybody who still reads the partition. */
const PATIENCE_MILLISECONDS = 60_000;

/** PostgreSQL's words for a row that no partition takes. */
export function isPartitionMissing(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === "23514" && /no partition of relation/.test(error.message);
}

export function createPartitions(pool: pg.Pool): Partitions {
  return {
    async ensure(days) {
      const { rows } = await pool.query<{ day: string }>(
        `SELECT day FROM unnest($1::text[]) AS day
          WHERE NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                             WHERE i.inhparent = 'activity'::regclass AND NOT i.inhdetachpending
                               AND c.relname = 'activity_' || replace(day, '-', ''))`,
        [days],
      );
      if (rows.length > 0) await pool.query(creationOf(rows.map(({ day }) => day)));
    },

    async dropOlderThan(retentionDays) {
      const { rows } = await pool.query<{ name: string; isPending: boolean }>(
        `SELECT c.relname AS name, i.inhdetachpending AS "isPending"
           FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
          WHERE i.inhparent = 'activity'::regclass AND ${IS_OVER} ORDER BY c.relname`,
        [retentionDays],
      );
      for (const { name, isPending } of rows) await detach(pool, name, isPending);
      await pool.query(dropOf(retentionDays));
    },
  };
}

/** Of a table named after its day. `$1`: for how many days it is kept. */
const IS_OVER = `c.relname ~ '^activity_\\d{8}$'
  AND to_date(right(c.relname, 8), 'YYYYMMDD') + 1 <= (now() AT TIME ZONE 'UTC')::date - $1::int`;

/**
 * Made beside the table and then attached, which stops nobody; PARTITION OF would wait for all who use the table, and
 * make all others wait behind it. A table of that name which is no partition was on its way out when its server ended.
 */
function creationOf(days: readonly Day[]): string {
  const list = days.map((day) => `'${day}'`).join(", ");
  return `DO $$ DECLARE day date; name text; BEGIN
    PERFORM pg_advisory_xact_lock(${LOCK_KEY});
    FOREACH day IN ARRAY ARRAY[${list}]::date[] LOOP
      name := 'activity_' || to_char(day, 'YYYYMMDD');
      IF EXISTS (SELECT FROM pg_inherits WHERE inhparent = 'activity'::regclass AND inhrelid = to_regclass(name)) THEN CONTINUE; END IF;
      EXECUTE format('DROP TABLE IF EXISTS %I', name);
      EXECUTE format('CREATE TABLE %I (LIKE activity INCLUDING ALL)', name);
      EXECUTE format('ALTER TABLE activity ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name,
                     day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    END LOOP;
  END $$`;
}

/** Several servers may be at it: whoever comes second finds it done, or half done, and leaves the rest to the first. */
async function detach(pool: pg.Pool, name: string, isPending: boolean): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`SET statement_timeout = ${PATIENCE_MILLISECONDS}; SET lock_timeout = 0`);
    const text = `ALTER TABLE activity DETACH PARTITION "${name}" ${isPending ? "FINALIZE" : "CONCURRENTLY"}`;
    await client.query({ text, query_timeout: PATIENCE_MILLISECONDS + 5_000 } as pg.QueryConfig);
  } catch (error) {
    const isDoneByAnother = error instanceof pg.DatabaseError && ["42P01", "42809", "55000"].includes(error.code ?? "");
    if (!isDoneByAnother) throw error;
  } finally {
    // Its limits were lifted: nobody else is to have it.
    client.release(true);
  }
}

/** Only what is no partition any more, under the lock: another server may be making one of that name anew. */
function dropOf(retentionDays: number): string {
  return `DO $$ DECLARE old record; BEGIN
    PERFORM pg_advisory_xact_lock(${LOCK_KEY});
    FOR old IN SELECT c.relname FROM pg_class c
                WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND NOT c.relispartition
                  AND ${IS_OVER.replace("$1", String(retentionDays))} LOOP
      EXECUTE format('DROP TABLE %I', old.relname);
    END LOOP;
  END $$`;
}
