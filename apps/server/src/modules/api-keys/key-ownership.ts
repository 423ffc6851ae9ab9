import type { KeyOwnership } from "./key-standing.ts";

/** The columns that decide a key's standing, under the names that both statements give them: the list's and verification's. */
export interface KeyOwnershipRow {
  readonly member_id: string | null;
  readonly member_role: string | null;
  readonly is_super_admin: boolean;
  readonly banned_at: Date | null;
  readonly ban_expires_at: Date | null;
  readonly subscription_status: string | null;
}

export function toKeyOwnership(row: KeyOwnershipRow): KeyOwnership {
  return {
    memberId: row.member_id,
    memberRole: row.member_role,
    isOwnerSuperAdmin: row.is_super_admin,
    ownerBannedAt: row.banned_at,
    ownerBanExpiresAt: row.ban_expires_at,
    subscriptionStatus: row.subscription_status,
  };
}
