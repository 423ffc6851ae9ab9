import { permissionsOfRole } from "@latchkey/types/permissions";
import {
  NEVER_USED_AFTER_DAYS,
  PERMISSION_NEVER_USED_AFTER_DAYS,
  REVIEW_FINDINGS,
  type ReviewFindingKind,
} from "@latchkey/types/review-findings";
import { ROLES } from "@latchkey/types/roles";
import { Prisma } from "../../generated/prisma/client.ts";
import type { Database } from "../../platform/database/database.ts";
import { visibleIn } from "./api-key-list.repository.ts";
import type { KeyVisibility } from "./api-keys.policy.ts";

export interface FoundKey {
  readonly kind: ReviewFindingKind;
  readonly keyId: string;
  /** How many keys there are of this kind, with those that are not told. */
  readonly count: number;
}

export type ReviewRepository = ReturnType<typeof createReviewRepository>;

/** What the key's creator holds, by their role: the catalogue is in the code. */
const HELD = Prisma.sql`CASE k.owner_role ${Prisma.join(
  ROLES.map((role) => Prisma.sql`WHEN ${role} THEN ${[...permissionsOfRole(role)]}::text[]`),
  " ",
)} END`;

/** Exercised is what a call needed and got; what its creator's role has lost is no matter of the key's. */
const HAS_UNUSED_PERMISSION = Prisma.sql`NOT k.permissions <@ coalesce(u.permissions, '{}') AND EXISTS (
  SELECT FROM unnest(k.permissions) AS chosen (permission)
   WHERE permission = ANY(${HELD}) AND permission <> ALL(coalesce(u.permissions, '{}')))`;

/** In a SELECT of its own, which is worked out once and not for every key: going back by days asks for the time zone. */
const olderThan = (instant: Prisma.Sql, days: number) =>
  Prisma.sql`${instant} <= (SELECT now() - make_interval(days => ${days}::int))`;
const USED = Prisma.sql`l.last_used_at`;
const MADE = Prisma.sql`k.created_at`;
const OWNER_IS_GONE = Prisma.sql`(NOT c.is_super_admin AND m.id IS NULL)
  OR (c.banned_at IS NOT NULL AND coalesce(c.ban_expires_at > now(), TRUE))`;

/** A key that has one of these has none of the others: the first that is true. */
const BY_ITS_DATES: readonly (readonly [ReviewFindingKind, Prisma.Sql])[] = [
  ["OWNER_GONE", OWNER_IS_GONE],
  ["NEVER_USED", Prisma.sql`${USED} IS NULL AND ${olderThan(MADE, NEVER_USED_AFTER_DAYS)}`],
  ["UNUSED_90_DAYS", olderThan(USED, 90)],
  ["UNUSED_30_DAYS", olderThan(USED, 30)],
];
const USE = Prisma.sql`CASE ${Prisma.join(
  BY_ITS_DATES.map(([kind, holds]) => Prisma.sql`WHEN ${holds} THEN ${kind}`),
  " ",
)} END`;

/**
 * In use for so long that its permissions are looked at. A column, because PostgreSQL takes a condition for true of
 * hardly any row, and a column for true of every other: with few rows expected, it would compare each with each.
 */
const IS_SETTLED = Prisma.sql`(${USE}) IS NULL AND ${USED} IS NOT NULL AND ${olderThan(MADE, PERMISSION_NEVER_USED_AFTER_DAYS)}`;

export function createReviewRepository(database: Database) {
  return {
    /**
     * Of each kind the first so many, those first that were used (or else made) longest ago. One statement, of which
     * each part looks at all keys together: a look for each of 10,000 keys would take longer than a statement may.
     */
    list: (teamId: string, visibility: KeyVisibility, first: number): Promise<FoundKey[]> =>
      database.$queryRaw<FoundKey[]>`
        WITH reviewed AS MATERIALIZED (
          SELECT k.id, coalesce(l.last_used_at, k.created_at) AS since, ${USE} AS use, k.expires_at IS NULL AS is_endless,
                 k.permissions, CASE WHEN c.is_super_admin THEN 'super_admin' ELSE m.role END AS owner_role,
                 ${IS_SETTLED} AS is_settled
            FROM api_key k
            JOIN "user" c ON c.id = k.created_by_id
            LEFT JOIN member m ON m.id = k.member_id AND m.team_id = k.team_id AND m.user_id = k.created_by_id
            LEFT JOIN api_key_last_used l ON l.key_id = k.id
           WHERE ${visibleIn(teamId, visibility)} AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
        ), used AS (
          SELECT key_id, array_agg(permission) AS permissions FROM api_key_permission_used
           WHERE key_id = ANY(ARRAY(SELECT id FROM reviewed WHERE is_settled ORDER BY id)) GROUP BY key_id
        ), found AS MATERIALIZED (
          SELECT use AS kind, id, since FROM reviewed WHERE use IS NOT NULL
          UNION ALL
          SELECT 'NO_EXPIRY', id, since FROM reviewed WHERE is_endless AND use IS DISTINCT FROM 'OWNER_GONE'
          UNION ALL
          SELECT 'PERMISSIONS_NEVER_USED', k.id, k.since FROM reviewed k LEFT JOIN used u ON u.key_id = k.id
           WHERE k.is_settled AND ${HAS_UNUSED_PERMISSION}
        )
        SELECT counted.kind, placed.id AS "keyId", counted.count
          FROM unnest(${[...REVIEW_FINDINGS]}::text[]) AS asked (kind)
          JOIN (SELECT kind, count(*)::int AS count FROM found GROUP BY kind) counted ON counted.kind = asked.kind
         CROSS JOIN LATERAL (SELECT id, since FROM found WHERE found.kind = asked.kind ORDER BY since, id LIMIT ${first}) placed
         ORDER BY counted.kind, placed.since, placed.id`,
  };
}
