import type { Actor, TeamAccess } from "@latchkey/types/actor";
import { rolesGrantedBy, type TeamRole } from "@latchkey/types/roles";

/** Pure: who may do what with the members of a team (spec §2). Only owners make, change and remove owners. */

export interface MemberStanding {
  readonly userId: string;
  readonly role: TeamRole;
}

export function maySeeMembers(access: TeamAccess): boolean {
  return access.permissions.includes("members:read");
}

export function isOneself(actor: Actor, member: Pick<MemberStanding, "userId">): boolean {
  return actor.kind === "session" && actor.userId === member.userId;
}

export function mayManageMembers(access: TeamAccess): boolean {
  return access.permissions.includes("members:manage");
}

/** What the actor may make this member; none when they may not touch them. */
export function rolesFor(access: TeamAccess, member: Pick<MemberStanding, "role">): readonly TeamRole[] {
  if (!mayManageMembers(access)) return [];
  const granted = rolesGrantedBy(access.role);
  return granted.includes(member.role) ? granted : [];
}

/** Leaving is being removed by oneself, which needs nothing. */
export function mayRemove(actor: Actor, access: TeamAccess, member: MemberStanding): boolean {
  return isOneself(actor, member) || rolesFor(access, member).length > 0;
}
