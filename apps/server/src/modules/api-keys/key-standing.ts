import { effectivePermissions, type Permission } from "@latchkey/types/permissions";
import { isSubscriptionUsable } from "@latchkey/types/plans";
import { isTeamRole, type Role } from "@latchkey/types/roles";
import { isBanned } from "../people/is-banned.ts";

/** What decides whether a key works, apart from the key itself: read in the statement that finds the key. */
export interface KeyOwnership {
  /** Null when a super_admin made the key outside a membership. */
  readonly memberId: string | null;
  /** The role of the very membership the key was made under; null when that membership has ended. */
  readonly memberRole: string | null;
  readonly isOwnerSuperAdmin: boolean;
  readonly ownerBannedAt: Date | null;
  readonly ownerBanExpiresAt: Date | null;
  readonly subscriptionStatus: string | null;
}

export interface KeyStanding {
  /** What the key's creator is in its team now; null when they are nothing there any more. */
  readonly role: Role | null;
  readonly isOwnerPresent: boolean;
  readonly isOwnerBanned: boolean;
  readonly isSubscriptionUsable: boolean;
  readonly effectivePermissions: readonly Permission[];
}

/**
 * Where a key stands at the instant `now` (the database's clock). The list and the verification both ask here, so that
 * what the page says of a key is what its next call meets.
 */
export function keyStanding(chosen: readonly string[], ownership: KeyOwnership, now: Date): KeyStanding {
  const role = roleOfOwner(ownership);
  return {
    role,
    isOwnerPresent: role !== null,
    isOwnerBanned: isBanned(ownership.ownerBannedAt, ownership.ownerBanExpiresAt, now),
    isSubscriptionUsable: isSubscriptionUsable(ownership.subscriptionStatus),
    effectivePermissions: effectivePermissions(chosen, role),
  };
}

function roleOfOwner(ownership: KeyOwnership): Role | null {
  if (ownership.isOwnerSuperAdmin) return "super_admin";
  if (ownership.memberId === null || ownership.memberRole === null) return null;
  return isTeamRole(ownership.memberRole) ? ownership.memberRole : null;
}
