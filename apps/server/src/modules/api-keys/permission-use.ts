import { PERMISSIONS } from "@latchkey/types/permissions";
import type { ApiKey } from "./api-key.ts";

/** Why a key may not use a permission now. */
export type PermissionGap = "NOT_CHOSEN" | "OWNER_REMOVED" | "ROLE_LACKS_IT" | "NOT_FOR_KEYS";

/** What has become of one permission of a key. */
export interface PermissionUse {
  readonly permission: string;
  /** At the key's creation. */
  readonly chosen: boolean;
  /** Whether the key may use it now. */
  readonly effective: boolean;
  /** Null exactly when it is effective. */
  readonly reason: PermissionGap | null;
  readonly lastUsed: Date | null;
}

const FOR_KEYS: readonly string[] = PERMISSIONS.filter(({ keyMayHold }) => keyMayHold).map(({ name }) => name);

/**
 * Every permission that keys may hold, in the order of the catalogue, then those that were chosen and have left it.
 * @param lastUsed by permission, as far as there was any use
 */
export function permissionUseOf(
  { permissions, effectivePermissions, ownerRole }: Pick<ApiKey, "permissions" | "effectivePermissions" | "ownerRole">,
  lastUsed: ReadonlyMap<string, Date>,
): PermissionUse[] {
  const effective: ReadonlySet<string> = new Set(effectivePermissions);
  const gapOf = (permission: string): PermissionGap | null => {
    if (effective.has(permission)) return null;
    if (!permissions.includes(permission)) return "NOT_CHOSEN";
    if (ownerRole === null) return "OWNER_REMOVED";
    return FOR_KEYS.includes(permission) ? "ROLE_LACKS_IT" : "NOT_FOR_KEYS";
  };
  const gone = permissions.filter((permission) => !FOR_KEYS.includes(permission));
  return [...FOR_KEYS, ...gone].map((permission) => ({
    permission,
    chosen: permissions.includes(permission),
    effective: effective.has(permission),
    reason: gapOf(permission),
    lastUsed: lastUsed.get(permission) ?? null,
  }));
}
