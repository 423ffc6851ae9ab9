import type { TeamAccess } from "@latchkey/types/actor";
import { rolesGrantedBy, type TeamRole } from "@latchkey/types/roles";

/** Pure: who may see, make and cancel invitations (spec §2), and who may use one. */

export function maySeeInvitations(access: TeamAccess): boolean {
  return access.permissions.includes("members:read");
}

export function mayManageInvitations(access: TeamAccess): boolean {
  return access.permissions.includes("members:manage");
}

/** Only owners invite owners. */
export function mayInvite(access: TeamAccess, role: TeamRole): boolean {
  return mayManageInvitations(access) && rolesGrantedBy(access.role).includes(role);
}

/** The parts of a stored invitation that decide whether it still opens anything. */
export interface StoredInvitation {
  readonly email: string;
  readonly status: string;
  readonly expiresAt: Date;
}

/** Works once, for 7 days, for the person with this e-mail address only. */
export function isUsable(invitation: StoredInvitation, email: string, now: Date): boolean {
  return invitation.status === "pending" && invitation.expiresAt > now && invitation.email === email.toLowerCase();
}
