import type { Permission } from "@latchkey/types/permissions";

/** When each permission of each key was used last, as long as it is not stored. In milliseconds of a steady clock. */
export interface PermissionUseMemory {
  note(keyId: string, permissions: readonly Permission[], at: number): void;
  /** All that was noted since it was taken last. */
  take(): UsesByKey;
  /** What could not be stored. What was noted since then is newer and stays. */
  putBack(uses: UsesByKey): void;
}

export type UsesByKey = ReadonlyMap<string, ReadonlyMap<Permission, number>>;

/** One entry for each permission of each key, however many calls there are: a call costs two look-ups and no memory. */
export function createPermissionUseMemory(): PermissionUseMemory {
  let byKey = new Map<string, Map<Permission, number>>();
  const usesOf = (keyId: string) => {
    const known = byKey.get(keyId);
    if (known !== undefined) return known;
    const uses = new Map<Permission, number>();
    byKey.set(keyId, uses);
    return uses;
  };

  return {
    note(keyId, permissions, at) {
      if (permissions.length === 0) return;
      const uses = usesOf(keyId);
      for (const permission of permissions) uses.set(permission, at);
    },

    take() {
      const taken = byKey;
      byKey = new Map();
      return taken;
    },

    putBack(earlier) {
      for (const [keyId, permissions] of earlier) {
        const uses = usesOf(keyId);
        for (const [permission, at] of permissions) if (!uses.has(permission)) uses.set(permission, at);
      }
    },
  };
}
