import type { Role } from "../../generated/graphql.ts";

interface Standing {
  readonly role: Role;
  readonly isLastOwner: boolean;
  readonly viewerMayAssign: readonly Role[];
  readonly viewerMayRemove: boolean;
}

/** The roles of a team from most to least, as they are offered. */
export const TEAM_ROLES = ["OWNER", "ADMIN", "MANAGER", "VIEWER"] as const satisfies readonly Role[];

/** Why nothing is offered for a member, to somebody who may manage members at all; null when something is. */
export function reasonForNothing(
  { role, isLastOwner, viewerMayAssign, viewerMayRemove }: Standing,
  viewer: { readonly role: Role; readonly isOneself: boolean },
): "lastOwnerSelf" | "lastOwner" | "onlyOwners" | null {
  if (viewerMayAssign.length > 0 || viewerMayRemove) return null;
  const mayTouchOwners = viewer.role === "OWNER" || viewer.role === "SUPER_ADMIN";
  if (role === "OWNER" && !mayTouchOwners) return "onlyOwners";
  if (isLastOwner) return viewer.isOneself ? "lastOwnerSelf" : "lastOwner";
  return null;
}

/** Whether the second role allows less than the first. */
export function isDemotion(from: Role, to: Role): boolean {
  const rank = (role: Role) => (TEAM_ROLES as readonly Role[]).indexOf(role);
  return rank(to) > rank(from);
}
