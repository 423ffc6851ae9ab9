import type { ActivityFilter } from "@latchkey/types/inputs/activity";
import { Prisma } from "../../generated/prisma/client.ts";
import type { Read } from "../../platform/database/reader.ts";
import type { CallCursor, StoredCall } from "./activity-reading.repository.ts";
import {
  countedOutcomes,
  isNarrowed,
  matchingCalls,
  subjectsOf,
  type CallSelection,
} from "./call-conditions.repository.ts";

/** What a search found, and how far it came: with `end` null it came to the end of the record. */
export interface FoundCalls {
  readonly calls: readonly StoredCall[];
  /** The place of the last call that was looked at, whether it matches or not. */
  readonly end: CallCursor | null;
}

export interface CallSearching {
  /**
   * The newest matching calls before a place, at most so many. Stops early once `isLate` says so: what a search looks at
   * is in the order of time, so it can go on later where it stopped.
   */
  search(
    selection: CallSelection,
    before: CallCursor | null,
    limit: number,
    isLate: () => boolean,
  ): Promise<FoundCalls>;
  /** The call of this request, if it matches; null for everything else, also for another team's. */
  find(selection: CallSelection, requestId: string): Promise<StoredCall | null>;
}

const HOUR_MILLISECONDS = 3_600_000;
/** Hours that one look at the counts finds. */
const HOURS = 240;
/** Calls that one statement may look at: as many as it gets through in a fraction of a second, however few match. */
const FIRST_READ = 1_000;
const LARGEST_READ = 16_000;
const SWIFT_MILLISECONDS = 100;

/** From `first` on, and before `end`. */
interface Span {
  readonly first: Date;
  readonly end: Date;
}

/**
 * Filters that have no index of their own. The hourly counts, which stay small, say in which hours a key or team called
 * and what it was answered: only those are read, newest first, so many calls at a time.
 */
export function createCallSearching(read: Read, retentionDays: number): CallSearching {
  const findHours = async ({ teamId, filter }: CallSelection, until: Date): Promise<Date[]> => {
    const oldest = Prisma.sql`date_trunc('day', now() - make_interval(days => ${retentionDays + 1}::int), 'UTC')`;
    const each = subjectsOf(filter).map(
      (subject) => Prisma.sql`
        (SELECT DISTINCT hour FROM activity_hour
          WHERE team_id = ${teamId} AND subject = ${subject} AND hour <= ${until} AND hour >= ${oldest}
            ${filter.from ? Prisma.sql`AND hour >= date_trunc('hour', ${filter.from}::timestamptz, 'UTC')` : Prisma.empty}
            ${countedOutcomes(filter)}
          ORDER BY hour DESC LIMIT ${HOURS})`,
    );
    const rows = await read<{ hour: Date }>(
      Prisma.sql`SELECT hour FROM (${Prisma.join(each, " UNION ")}) AS hours ORDER BY hour DESC LIMIT ${HOURS}`,
    );
    return rows.map(({ hour }) => hour);
  };

  const readSpan = async (
    selection: CallSelection,
    span: Span,
    before: CallCursor | null,
    limit: number,
    reach: number,
  ) => {
    const { teamId, filter } = selection;
    // The team is asked for among the conditions: a key of another one has no hours in this.
    const whose = filter.keyId ? Prisma.sql`key_id = ${filter.keyId}` : Prisma.sql`team_id = ${teamId}`;
    const end = filter.to && filter.to < span.end ? filter.to : span.end;
    const rows = await read<StoredCall & { readonly place: number; readonly isMatch: boolean }>(Prisma.sql`
      SELECT ${COLUMNS}, place, is_match AS "isMatch" FROM (
        SELECT c.*, (${matchingCalls(selection)}) AS is_match, (row_number() OVER (ORDER BY at DESC, request_id DESC))::int AS place FROM (
          SELECT * FROM activity WHERE ${whose} AND at >= ${span.first} AND at < ${end}
            ${before === null ? Prisma.empty : Prisma.sql`AND at <= ${before.at} AND (at, request_id) < (${before.at}, ${before.requestId})`}
           ORDER BY at DESC, request_id DESC LIMIT ${reach}) c) c
       WHERE is_match OR place = ${reach}
       ORDER BY at DESC, request_id DESC LIMIT ${limit}`);
    const last = rows.at(-1);
    const isThrough = rows.length < limit && last?.place !== reach;
    return { calls: rows.filter(({ isMatch }) => isMatch), last: last === undefined ? null : placeOf(last), isThrough };
  };

  return {
    async search(selection, before, limit, isLate) {
      const calls: StoredCall[] = [];
      let place = before;
      let reach = FIRST_READ;
      let until = newest(selection.filter, before);
      let isBegun = false;
      for (;;) {
        const hours = await findHours(selection, until);
        for (const span of spansOf(hours, isNarrowed(selection.filter))) {
          for (let isThrough = false; !isThrough;) {
            if (isBegun && isLate()) return { calls, end: place };
            isBegun = true;
            const startedAt = performance.now();
            const found = await readSpan(selection, span, place, limit - calls.length, reach);
            if (performance.now() - startedAt < SWIFT_MILLISECONDS) reach = Math.min(reach * 2, LARGEST_READ);
            calls.push(...found.calls);
            ({ isThrough } = found);
            place = found.last ?? place;
            if (calls.length >= limit) return { calls, end: place };
            if (isThrough) place = startOf(span);
          }
        }
        const [oldest] = hours.slice(-1);
        if (oldest === undefined || hours.length < HOURS) return { calls, end: null };
        until = new Date(oldest.getTime() - 1);
      }
    },

    async find(selection, requestId) {
      const [call] = await read<StoredCall>(Prisma.sql`
        SELECT ${COLUMNS} FROM activity c WHERE c.request_id = ${requestId} AND ${matchingCalls(selection)} LIMIT 1`);
      return call ?? null;
    },
  };
}

const COLUMNS = Prisma.sql`at, request_id AS "requestId", team_id AS "teamId", user_id AS "userId", key_id AS "keyId", method,
  operation, status, code, required_permission AS "requiredPermission", duration_us AS "durationUs", ip, calls`;

const placeOf = ({ at, requestId }: StoredCall): CallCursor => ({ at, requestId });

/** Behind everything that is in the span: nothing has an empty id. */
const startOf = ({ first }: Span): CallCursor => ({ at: first, requestId: "" });

const END_OF_TIME = new Date("9999-12-31T00:00:00Z");

function newest({ to }: ActivityFilter, before: CallCursor | null): Date {
  // Behind the start of a span its hour is done with: to look at it again would be to stand still.
  const isBehindHour = before !== null && before.requestId === "";
  const ends = [to ?? END_OF_TIME, isBehindHour ? new Date(before.at.getTime() - 1) : (before?.at ?? END_OF_TIME)];
  return ends.reduce((one, other) => (one < other ? one : other));
}

/** Newest first, as the hours are. Between hours with any call there is nothing to pass over: all are read as one. */
function spansOf(hours: readonly Date[], isNarrow: boolean): Span[] {
  const spans: Span[] = [];
  for (const hour of hours) {
    const end = new Date(hour.getTime() + HOUR_MILLISECONDS);
    const last = spans.at(-1);
    const joins = last !== undefined && (!isNarrow || last.first.getTime() === end.getTime());
    if (joins) spans[spans.length - 1] = { first: hour, end: last.end };
    else spans.push({ first: hour, end });
  }
  return spans;
}
