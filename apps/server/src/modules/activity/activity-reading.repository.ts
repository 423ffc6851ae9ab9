import { Prisma } from "../../generated/prisma/client.ts";
import type { Database } from "../../platform/database/database.ts";
import type { CallRow } from "./call.ts";

/** Where a page of calls ended. */
export interface CallCursor {
  readonly at: Date;
  readonly requestId: string;
}

export type StoredCall = Omit<CallRow, "at"> & { readonly at: Date };

/** Whose calls: a team's, or those of one of its keys. */
export interface CallsOf {
  readonly teamId: string;
  readonly keyId: string | null;
}

export interface HourOfCalls {
  /** When it began. */
  readonly hour: Date;
  /** Of the error that was answered; empty: none. */
  readonly code: string;
  readonly calls: number;
}

export interface ActivityReading {
  /** The newest calls before the cursor. */
  listCalls(of: CallsOf, before: CallCursor | null, limit: number): Promise<StoredCall[]>;
  /** How many calls of keys there were in each hour, by outcome; oldest first. */
  listHours(of: CallsOf, since: Date, until: Date): Promise<HourOfCalls[]>;
  /** Calls of the team's keys since this instant, in whole hours: the hour in which it lies counts. */
  countCalls(teamId: string, since: Date): Promise<number>;
}

const HOUR_MILLISECONDS = 3_600_000;
/** A row can stand for many calls refused by the limit, so the hours that hold enough calls may hold too few rows. */
const WIDEN = 10;

interface Span {
  readonly first: Date;
  readonly last: Date;
}

/**
 * The hourly counts, which stay small, know when somebody called: with them a key's last calls are looked for where they
 * are, and not in ninety partitions one after the other.
 */
export function createActivityReading(database: Database, retentionDays: number): ActivityReading {
  const findSpan = async (of: CallsOf, until: Date, calls: number): Promise<Span | null> => {
    // An hour counts at least one call, so no more hours than calls are wanted; and of these only as many are read as it takes.
    const hours = hoursOf(of, until, retentionDays, calls);
    const [span] = await database.$queryRaw<{ first: Date | null; last: Date | null }[]>`
      WITH hours AS MATERIALIZED (${hours})
      SELECT (SELECT hour FROM hours ORDER BY hour DESC LIMIT 1) AS last,
             coalesce((SELECT hour FROM (SELECT hour, sum(calls) OVER (ORDER BY hour DESC ROWS UNBOUNDED PRECEDING) AS total
                                           FROM hours) AS totals
                        WHERE total >= ${calls} ORDER BY hour DESC LIMIT 1),
                      (SELECT hour FROM hours ORDER BY hour LIMIT 1)) AS first`;
    if (span === undefined || span.first === null || span.last === null) return null;
    return { first: span.first, last: span.last };
  };

  // A key of another team has no hours in this one, so nothing of it is asked for here.
  const readCalls = (of: CallsOf, { first, last }: Span, before: CallCursor | null, limit: number) =>
    database.$queryRaw<StoredCall[]>`
      SELECT at, request_id AS "requestId", team_id AS "teamId", user_id AS "userId", key_id AS "keyId", method, operation,
             status, code, required_permission AS "requiredPermission", duration_us AS "durationUs", ip, calls
        FROM activity
       WHERE ${of.keyId === null ? Prisma.sql`team_id = ${of.teamId}` : Prisma.sql`key_id = ${of.keyId}`}
         AND at >= ${first} AND at < ${new Date(last.getTime() + HOUR_MILLISECONDS)}
         ${before === null ? Prisma.empty : Prisma.sql`AND at <= ${before.at} AND (at, request_id) < (${before.at}, ${before.requestId})`}
       ORDER BY at DESC, request_id DESC LIMIT ${limit}`;

  return {
    async listCalls(of, before, limit) {
      const calls: StoredCall[] = [];
      let until = before?.at ?? END_OF_TIME;
      for (let wanted = limit; ; wanted *= WIDEN) {
        const span = await findSpan(of, until, wanted);
        if (span === null) return calls;
        calls.push(...(await readCalls(of, span, before, limit - calls.length)));
        if (calls.length >= limit) return calls;
        until = new Date(span.first.getTime() - 1);
      }
    },

    async listHours({ teamId, keyId }, since, until) {
      const rows = await database.$queryRaw<HourOfCalls[]>`
        SELECT hour, code, calls::float8 AS calls FROM activity_hour
         WHERE team_id = ${teamId} AND subject = ${keyId ?? "keys"} AND hour >= ${since} AND hour < ${until}
         ORDER BY hour, code`;
      return rows;
    },

    async countCalls(teamId, since) {
      const [row] = await database.$queryRaw<{ calls: number }[]>`
        SELECT coalesce(sum(calls), 0)::float8 AS calls FROM activity_hour
         WHERE team_id = ${teamId} AND subject = 'keys' AND hour >= date_trunc('hour', ${since}::timestamptz, 'UTC')`;
      return row?.calls ?? 0;
    },
  };
}

const END_OF_TIME = new Date("9999-12-31T00:00:00Z");

/** The newest hours with calls, up to this instant, of those that are still kept one by one. */
function hoursOf({ teamId, keyId }: CallsOf, until: Date, retentionDays: number, most: number): Prisma.Sql {
  const subjects = keyId === null ? ["keys", "sessions"] : [keyId];
  const each = subjects.map(
    (subject) => Prisma.sql`
      (SELECT hour, calls FROM activity_hour
        WHERE team_id = ${teamId} AND subject = ${subject} AND hour <= ${until}
          AND hour >= date_trunc('day', now() - make_interval(days => ${retentionDays + 1}::int), 'UTC')
        ORDER BY hour DESC LIMIT ${most})`,
  );
  return Prisma.sql`SELECT * FROM (${Prisma.join(each, " UNION ALL ")}) AS one_by_one ORDER BY hour DESC LIMIT ${most}`;
}
