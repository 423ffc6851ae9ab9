import type { TeamAccess } from "@latchkey/types/actor";

/** Pure: who reads what the keys and people of a team did, call by call, and why a call was refused (spec §7). */
export function mayReadActivity(access: TeamAccess): boolean {
  return access.permissions.includes("audit_log:read");
}
