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

/** What each role holds, so that the database can say what a key may still do; the catalogue is in the code. */
const HELD_BY_ROLE = JSON.stringify(Object.fromEntries(ROLES.map((role) => [role, permissionsOfRole(role)])));

const olderThan = (instant: Prisma.Sql, days: number) =>
  Prisma.sql`${instant} <= now() - make_interval(days => ${days}::int)`;
const USED = Prisma.sql`k.last_used_at`;
const MADE = Prisma.sql`k.created_at`;

/** Exercised is what a call needed and got; what its creator's role has lost is no matter of the key's. */
const HAS_UNUSED_PERMISSION = Prisma.sql`EXISTS (
  SELECT FROM unnest(k.permissions) AS chosen (permission)
   WHERE jsonb_exists(${HELD_BY_ROLE}::jsonb -> k.owner_role, chosen.permission)
     AND NOT EXISTS (SELECT FROM api_key_permission_used u WHERE u.key_id = k.id AND u.permission = chosen.permission))`;

/** A key is unused, or is used and could do with less; whose owner is gone, is refused whatever else there is. */
const FINDINGS: readonly (readonly [ReviewFindingKind, Prisma.Sql])[] = [
  ["OWNER_GONE", Prisma.sql`k.is_owner_gone`],
  [
    "NEVER_USED",
    Prisma.sql`NOT k.is_owner_gone AND k.last_used_at IS NULL AND ${olderThan(MADE, NEVER_USED_AFTER_DAYS)}`,
  ],
  ["UNUSED_90_DAYS", Prisma.sql`NOT k.is_owner_gone AND ${olderThan(USED, 90)}`],
  ["UNUSED_30_DAYS", Prisma.sql`NOT k.is_owner_gone AND ${olderThan(USED, 30)} AND NOT ${olderThan(USED, 90)}`],
  [
    "PERMISSIONS_NEVER_USED",
    Prisma.sql`CASE WHEN NOT k.is_owner_gone AND NOT ${olderThan(USED, 30)}
      AND ${olderThan(MADE, PERMISSION_NEVER_USED_AFTER_DAYS)} THEN ${HAS_UNUSED_PERMISSION} END`,
  ],
  ["NO_EXPIRY", Prisma.sql`NOT k.is_owner_gone AND k.expires_at IS NULL`],
];

export function createReviewRepository(database: Database) {
  return {
    /** Of each kind the first so many, those first that were used (or else made) longest ago. One statement. */
    list(teamId: string, visibility: KeyVisibility, first: number): Promise<FoundKey[]> {
      const findings = FINDINGS.map(([kind, holds]) => Prisma.sql`(${kind}, ${holds})`);
      return database.$queryRaw<FoundKey[]>`
        SELECT kind, id AS "keyId", count FROM (
          SELECT finding.kind, k.id, count(*) OVER (PARTITION BY finding.kind)::int AS count,
                 row_number() OVER (PARTITION BY finding.kind ORDER BY coalesce(k.last_used_at, k.created_at), k.id) AS place
            FROM (
              SELECT k.id, k.permissions, k.created_at, k.expires_at, l.last_used_at,
                     CASE WHEN c.is_super_admin THEN 'super_admin' ELSE m.role END AS owner_role,
                     (NOT c.is_super_admin AND m.id IS NULL)
                       OR (c.banned_at IS NOT NULL AND coalesce(c.ban_expires_at > now(), TRUE)) AS is_owner_gone
                FROM api_key k
                JOIN "user" c ON c.id = k.created_by_id
                LEFT JOIN member m ON m.id = k.member_id AND m.team_id = k.team_id AND m.user_id = k.created_by_id
                LEFT JOIN api_key_last_used l ON l.key_id = k.id
               WHERE ${visibleIn(teamId, visibility)}
                 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
            ) AS k
            CROSS JOIN LATERAL (VALUES ${Prisma.join(findings)}) AS finding (kind, holds)
           WHERE finding.holds
        ) AS found
        WHERE place <= ${first} ORDER BY kind, place`;
    },
  };
}
