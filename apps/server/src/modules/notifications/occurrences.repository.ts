import { EXPIRY_WARNING_DAYS, UNUSED_DAYS } from "@latchkey/types/notifications";
import { PLAN_NAMES, PLANS } from "@latchkey/types/plans";
import { Prisma } from "../../generated/prisma/client.ts";
import type { Transaction } from "../../platform/database/database.ts";
import type { NotificationJob, Occurrence, Window } from "./occurrence.ts";

/** An occurrence with one of those whom it is told; null: there is nobody to tell. */
export type ToldOccurrence = Occurrence & { readonly userId: string | null };

/** Where a batch ended; the next begins behind it. */
export type OccurrencePosition = Pick<Occurrence, "at" | "subject">;

interface Search {
  readonly job: NotificationJob;
  readonly window: Window;
  readonly after: OccurrencePosition | null;
  readonly limit: number;
}

/**
 * What has happened and nobody was told of yet, in the order in which it happened, with the people to tell as they are
 * now: whoever made it, if they are still in the team, and the team's owners and admins; never who did it.
 */
export async function findOccurrences(
  transaction: Transaction,
  { job, window, after, limit }: Search,
): Promise<ToldOccurrence[]> {
  const { at, subject } = after ?? { at: window.from, subject: "" };
  return transaction.$queryRaw<ToldOccurrence[]>`
    WITH occurrence (kind, subject, threshold, team_id, key_id, person_id, creator_id, doer_id, reached_limit, at) AS (
      ${SEARCHES[job](window)}
    ), untold AS (
      SELECT * FROM occurrence o
       WHERE (at, subject) > (${at}::timestamptz, ${subject}) AND NOT EXISTS (
         SELECT FROM notification n WHERE n.kind = o.kind AND n.subject = o.subject AND n.threshold = o.threshold)
       ORDER BY at, subject LIMIT ${limit}
    )
    SELECT kind, subject, threshold, untold.team_id AS "teamId", key_id AS "keyId", person_id AS "personId",
           reached_limit AS "reachedLimit", at, m.user_id AS "userId"
      FROM untold LEFT JOIN member m ON m.team_id = untold.team_id
       AND (m.role IN ('owner', 'admin') OR m.user_id = creator_id) AND m.user_id IS DISTINCT FROM doer_id
     ORDER BY at, subject`;
}

/** An expression of SQL, or a number of days. */
const daysOf = (count: Prisma.Sql | number) =>
  Prisma.sql`make_interval(hours => 24 * ${typeof count === "number" ? Prisma.sql`${count}::int` : count})`;
/** The day (UTC) as a threshold. */
const DAY = Prisma.sql`to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD')`;
/** Of `api_key a`. */
const isActive = (now: Date) =>
  Prisma.sql`a.revoked_at IS NULL AND (a.expires_at IS NULL OR a.expires_at > ${now}::timestamptz)`;

/** The farthest first; 0 is the expiry itself. */
const EXPIRY_THRESHOLDS = [...EXPIRY_WARNING_DAYS, 0];
const THRESHOLDS = Prisma.sql`unnest(
  ${EXPIRY_THRESHOLDS}::int[], ${[...EXPIRY_THRESHOLDS.slice(1), null]}::int[]) AS threshold (days, nearer)`;

const limitsOfPlans = (limit: keyof (typeof PLANS)["starter"]) => Prisma.sql`unnest(
  ${[...PLAN_NAMES]}::text[], ${PLAN_NAMES.map((name) => PLANS[name][limit])}::int[]) AS plan_limit (plan, cap)`;

/** Who made keys in this time under a plan that limits them: the team, or each person for themselves. */
const madeUnder = (limit: keyof (typeof PLANS)["starter"], who: Prisma.Sql, { from, until }: Window) => Prisma.sql`
  (SELECT ${who}, cap, max(api_key.created_at) AS at FROM api_key JOIN subscription USING (team_id)
     JOIN ${limitsOfPlans(limit)} USING (plan)
    WHERE api_key.created_at > ${from}::timestamptz AND api_key.created_at <= ${until}::timestamptz AND cap IS NOT NULL
    GROUP BY ${who}, cap) AS made`;

// Each statement names what it finds in the order of the columns above. Bare columns are compared with bounds, so that
// what happened lately is read by index, however many keys there are.
const SEARCHES: Readonly<Record<NotificationJob, (window: Window) => Prisma.Sql>> = {
  created: ({ from, until }) => Prisma.sql`
    SELECT 'KEY_CREATED', id, '', team_id, id, created_by_id, NULL, created_by_id, NULL::int, created_at
      FROM api_key WHERE created_at > ${from}::timestamptz AND created_at <= ${until}::timestamptz`,

  revoked: ({ from, until }) => Prisma.sql`
    SELECT 'KEY_REVOKED', id, '', team_id, id, revoked_by_id, created_by_id, revoked_by_id, NULL::int, revoked_at
      FROM api_key WHERE revoked_at > ${from}::timestamptz AND revoked_at <= ${until}::timestamptz`,

  // Of the thresholds that a key has crossed only the nearest is told: after an outage nobody reads "in 14 days" of a
  // key that expires tomorrow. One that lay in the past when the key was made was never crossed.
  expiry: ({ from, until }) => Prisma.sql`
    SELECT CASE days WHEN 0 THEN 'KEY_EXPIRED' ELSE 'KEY_EXPIRES' END, id, days::text, team_id, id, NULL, created_by_id,
           NULL, NULL::int, expires_at - ${daysOf(Prisma.sql`days`)}
      FROM ${THRESHOLDS} JOIN api_key ON revoked_at IS NULL
       AND expires_at > ${from}::timestamptz + ${daysOf(Prisma.sql`days`)}
       AND expires_at <= ${until}::timestamptz + ${daysOf(Prisma.sql`days`)}
     WHERE created_at < expires_at - ${daysOf(Prisma.sql`days`)}
       AND (nearer IS NULL OR expires_at > ${until}::timestamptz + ${daysOf(Prisma.sql`nearer`)})`,

  // By a creation, so that a team that stays at its cap is told once and not every day.
  "key-limit": (window) => Prisma.sql`
    SELECT 'KEY_LIMIT_REACHED', team_id, ${DAY}, team_id, NULL, NULL, NULL, NULL, cap, at
      FROM ${madeUnder("activeKeysPerTeam", Prisma.sql`team_id`, window)}
     WHERE (SELECT count(*) FROM api_key a WHERE a.team_id = made.team_id AND ${isActive(window.until)}) >= cap
    UNION ALL
    SELECT 'KEY_LIMIT_REACHED', team_id || '/' || created_by_id, ${DAY}, team_id, NULL, created_by_id, created_by_id, NULL, cap, at
      FROM ${madeUnder("activeKeysPerCreator", Prisma.sql`team_id, created_by_id`, window)}
     WHERE (SELECT count(*) FROM api_key a WHERE a.team_id = made.team_id AND a.created_by_id = made.created_by_id
               AND ${isActive(window.until)}) >= cap`,

  // Again when it was used since and fell silent anew: the threshold is the day of the last call.
  unused: ({ from, until }) => Prisma.sql`
    SELECT 'KEY_UNUSED', id, to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD'), team_id, id, NULL, created_by_id, NULL,
           NULL::int, since + ${daysOf(UNUSED_DAYS)}
      FROM (SELECT a.id, a.team_id, a.created_by_id, coalesce(last_used_at, a.created_at) AS since
              FROM api_key a LEFT JOIN api_key_last_used ON key_id = a.id WHERE ${isActive(until)}) AS active
     WHERE since > ${from}::timestamptz - ${daysOf(UNUSED_DAYS)} AND since <= ${until}::timestamptz - ${daysOf(UNUSED_DAYS)}`,

  "rate-limit": ({ from, until }) => Prisma.sql`
    SELECT 'RATE_LIMIT_REACHED', a.id, ${DAY}, a.team_id, a.id, NULL, a.created_by_id, NULL,
           coalesce(requests_per_minute, cap), at
      FROM (SELECT subject, min(hour) AS at FROM activity_hour
             WHERE code = 'rate_limited' AND hour > ${from}::timestamptz AND hour <= ${until}::timestamptz
             GROUP BY subject, date_trunc('day', hour, 'UTC')) AS refused
      JOIN api_key a ON a.id = subject AND a.revoked_at IS NULL
      LEFT JOIN subscription s ON s.team_id = a.team_id
      LEFT JOIN ${limitsOfPlans("requestsPerMinute")} USING (plan)`,
};
