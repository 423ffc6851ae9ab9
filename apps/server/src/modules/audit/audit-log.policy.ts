import type { TeamAccess } from "@latchkey/types/actor";

/** Pure: who reads what was changed in a team, and takes it away as a file (spec §2). */
export function mayReadAuditLog(access: TeamAccess): boolean {
  return access.permissions.includes("audit_log:read");
}
