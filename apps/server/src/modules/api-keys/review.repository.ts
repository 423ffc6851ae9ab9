import { permissionsOfRole } from "@latchkey/types/permissions";
import {
  NEVER_USED_AFTER_DAYS,
  PERMISSION_NEVER_USED_AFTER_DAYS,
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
const HAS_UNUSED_PERMISSION = Prisma.sql`EXISTS (
  SELECT FROM unnest(k.permissions) AS chosen (permission)
   WHERE permission = ANY(${HELD})
     AND permission <> ALL(ARRAY(SELECT u.permission FROM api_key_permission_used u WHERE u.key_id = k.id)))`;

const olderThan = (instant: Prisma.Sql, days: number) =>
  Prisma.sql`${instant} <= now() - make_interval(days => ${days}::int)`;
const USED = Prisma.sql`k.last_used_at`;
const MADE = Prisma.sql`k.created_at`;

/** A key that has one of these has none of the others: the first that is true. */
const EXCLUSIVE: readonly (readonly [ReviewFindingKind, Prisma.Sql])[] = [
  ["OWNER_GONE", Prisma.sql`k.is_owner_gone`],
  ["NEVER_USED", Prisma.sql`k.last_used_at IS NULL AND ${olderThan(MADE, NEVER_USED_AFTER_DAYS)}`],
  ["UNUSED_90_DAYS", olderThan(USED, 90)],
  ["UNUSED_30_DAYS", olderThan(USED, 30)],
  [
    "PERMISSIONS_NEVER_USED",
    Prisma.sql`k.last_used_at IS NOT NULL AND ${olderThan(MADE, PERMISSION_NEVER_USED_AFTER_DAYS)}
      AND ${HAS_UNUSED_PERMISSION}`,
  ],
];
const USE = Prisma.sql`CASE ${Prisma.join(
  EXCLUSIVE.map(([kind, holds]) => Prisma.sql`WHEN ${holds} THEN ${kind}`),
  " ",
)} END`;

export function createReviewRepository(database: Database) {
  return {
    /** Of each kind the first so many, those first that were used (or else made) longest ago. One statement. */
    list: (teamId: string, visibility: KeyVisibility, first: number): Promise<FoundKey[]> =>
      database.$queryRaw<FoundKey[]>`
        SELECT kind, id AS "keyId", count FROM (
          SELECT found.kind, k.id, count(*) OVER (PARTITION BY found.kind)::int AS count,
                 row_number() OVER (PARTITION BY found.kind ORDER BY coalesce(k.last_used_at, k.created_at), k.id) AS place
            FROM (
              SELECT k.id, k.permissions, k.created_at, k.expires_at, l.last_used_at,
                     CASE WHEN c.is_super_admin THEN 'super_admin' ELSE m.role END AS owner_role,
                     (NOT c.is_super_admin AND m.id IS NULL)
                       OR (c.banned_at IS NOT NULL AND coalesce(c.ban_expires_at > now(), TRUE)) AS is_owner_gone
                FROM api_key k
                JOIN "user" c ON c.id = k.created_by_id
                LEFT JOIN member m ON m.id = k.member_id AND m.team_id = k.team_id AND m.user_id = k.created_by_id
                LEFT JOIN api_key_last_used l ON l.key_id = k.id
               WHERE ${visibleIn(teamId, visibility)} AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
            ) AS k
            CROSS JOIN LATERAL (VALUES (${USE}), (CASE WHEN k.expires_at IS NULL AND NOT k.is_owner_gone THEN 'NO_EXPIRY' END))
              AS found (kind)
           WHERE found.kind IS NOT NULL
        ) AS placed
        WHERE place <= ${first} ORDER BY kind, place`,
  };
}
