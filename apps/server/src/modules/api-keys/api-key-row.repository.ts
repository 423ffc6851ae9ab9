import { Prisma } from "../../generated/prisma/client.ts";
import type { Person } from "../people/person.ts";
import type { StoredApiKey } from "./api-key.ts";
import { toKeyOwnership, type KeyOwnershipRow } from "./key-ownership.ts";

/** A key as one statement reads it: the key, its people, its last use, and what decides its standing. */
export interface ApiKeyRow extends KeyOwnershipRow {
  readonly id: string;
  readonly team_id: string;
  readonly name: string;
  readonly prefix: string;
  readonly permissions: string[];
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly replaces_id: string | null;
  readonly replaced_by_id: string | null;
  readonly last_used_at: Date | null;
  readonly last_used_ip: string | null;
  /** 64 bits: a bigint by Prisma, text by pg. */
  readonly refused_since_revocation: bigint | string | null;
  readonly creator_id: string;
  readonly creator_name: string;
  readonly creator_email: string;
  readonly creator_is_member: boolean;
  readonly revoker_id: string | null;
  readonly revoker_name: string | null;
  readonly revoker_email: string | null;
  readonly revoker_is_member: boolean | null;
  readonly now: Date;
}

export const KEY_COLUMNS = Prisma.sql`
  k.id, k.team_id, k.name, k.prefix, k.permissions, k.created_at, k.expires_at, k.revoked_at, k.replaces_id,
  (SELECT r.id FROM api_key r WHERE r.replaces_id = k.id AND r.revoked_at IS NULL) AS replaced_by_id,
  l.last_used_at, l.last_used_ip, l.refused_since_revocation,
  c.id AS creator_id, c.name AS creator_name, c.email AS creator_email,
  EXISTS (SELECT FROM member cm WHERE cm.team_id = k.team_id AND cm.user_id = c.id) AS creator_is_member,
  v.id AS revoker_id, v.name AS revoker_name, v.email AS revoker_email,
  CASE WHEN v.id IS NOT NULL
    THEN EXISTS (SELECT FROM member vm WHERE vm.team_id = k.team_id AND vm.user_id = v.id) END AS revoker_is_member,
  k.member_id, m.role AS member_role, c.is_super_admin, c.banned_at, c.ban_expires_at,
  s.status AS subscription_status, now() AS now`;

export const KEY_JOINS = Prisma.sql`
  JOIN "user" c ON c.id = k.created_by_id
  LEFT JOIN "user" v ON v.id = k.revoked_by_id
  LEFT JOIN member m ON m.id = k.member_id AND m.team_id = k.team_id AND m.user_id = k.created_by_id
  LEFT JOIN subscription s ON s.team_id = k.team_id
  LEFT JOIN api_key_last_used l ON l.key_id = k.id`;

export function toStoredApiKey(row: ApiKeyRow): StoredApiKey {
  return {
    id: row.id,
    teamId: row.team_id,
    name: row.name,
    prefix: row.prefix,
    permissions: row.permissions,
    createdAt: row.created_at,
    createdBy: {
      id: row.creator_id,
      name: row.creator_name,
      email: row.creator_email,
      teamId: row.team_id,
      isMember: row.creator_is_member,
    },
    expiresAt: row.expires_at,
    lastUsed: row.last_used_at,
    lastUsedIp: row.last_used_ip,
    revokedAt: row.revoked_at,
    revokedBy: revokerOf(row),
    refusedSinceRevocation: Number(row.refused_since_revocation ?? 0),
    replacesId: row.replaces_id,
    replacedById: row.replaced_by_id,
    ownership: toKeyOwnership(row),
    now: row.now,
  };
}

function revokerOf(row: ApiKeyRow): Person | null {
  if (row.revoker_id === null || row.revoker_name === null || row.revoker_email === null) return null;
  return {
    id: row.revoker_id,
    name: row.revoker_name,
    email: row.revoker_email,
    teamId: row.team_id,
    isMember: row.revoker_is_member === true,
  };
}
