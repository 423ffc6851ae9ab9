import type { TeamAccess } from "@latchkey/types/actor";

/** Pure: who sees and decides how the team's own people sign in. It binds owners too, so it is theirs to decide. */

export function maySeeSecurity(access: TeamAccess): boolean {
  return access.permissions.includes("members:read");
}

export function mayRequireSecondFactor(access: TeamAccess): boolean {
  return access.role === "owner" || access.role === "super_admin";
}
