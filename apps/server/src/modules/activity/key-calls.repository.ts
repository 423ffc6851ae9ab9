import { Prisma } from "../../generated/prisma/client.ts";
import type { Read } from "../../platform/database/reader.ts";

/** Whose calls are counted: a key, under the team it belongs to. */
export interface CountedKey {
  readonly id: string;
  readonly teamId: string;
}

/** How many steps of how many hours; the last is not over yet. */
export interface CountedSpan {
  readonly buckets: number;
  readonly bucketHours: number;
}

/** Calls of a key that had the same outcome in one step. A key without calls has one row without a step. */
export interface CountedCalls {
  readonly keyId: string;
  /** When the step began, in UTC. */
  readonly start: Date | null;
  /** Of the error that was answered; empty: none. */
  readonly code: string | null;
  readonly calls: number | null;
  /** The database's clock. */
  readonly now: Date;
}

export type CountCallsOfKeys = (keys: readonly CountedKey[], span: CountedSpan) => Promise<CountedCalls[]>;

/** From the hourly counters, in one statement for any number of keys: each is a walk along a part of the primary key. */
export function createCountCallsOfKeys(read: Read): CountCallsOfKeys {
  return (keys, { buckets, bucketHours }) => {
    // By arithmetic: naming the zone for each of thousands of hours would cost as much as reading them.
    const step = Prisma.sql`make_interval(hours => ${bucketHours}::int)`;
    const startOf = (instant: Prisma.Sql) => Prisma.sql`date_bin(${step}, ${instant}, '2000-01-01Z'::timestamptz)`;
    const statement = Prisma.sql`
      SELECT asked.key_id AS "keyId", counted.start, counted.code, counted.calls, now() AS now
        FROM unnest(${keys.map(({ teamId }) => teamId)}::text[], ${keys.map(({ id }) => id)}::text[])
          AS asked (team_id, key_id)
        LEFT JOIN LATERAL (
          SELECT ${startOf(Prisma.sql`hour`)} AS start, code, sum(calls)::float8 AS calls
            FROM activity_hour
           WHERE activity_hour.team_id = asked.team_id AND subject = asked.key_id
             AND hour >= ${startOf(Prisma.sql`now()`)} - ${step} * ${buckets - 1}::int
           GROUP BY 1, 2) AS counted ON true`;
    return read<CountedCalls>(statement, "count_calls_of_keys");
  };
}
