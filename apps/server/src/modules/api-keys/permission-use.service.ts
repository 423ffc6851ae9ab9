import type { ApiKey } from "./api-key.ts";
import { permissionUseOf, type PermissionUse } from "./permission-use.ts";

interface Dependencies {
  /** When these keys used their permissions last, as far as there was any use. */
  readonly listUses: (
    keyIds: readonly string[],
  ) => Promise<readonly { readonly keyId: string; readonly permission: string; readonly lastUsedAt: Date }[]>;
}

/** What keys do with their permissions. Only for keys that the actor was shown: it asks nobody. */
export function createPermissionUseService({ listUses }: Dependencies) {
  return {
    /** By the key's id; one statement for any number of keys. */
    async describe(keys: readonly ApiKey[]): Promise<ReadonlyMap<string, PermissionUse[]>> {
      const lastUses = new Map<string, Map<string, Date>>(keys.map(({ id }) => [id, new Map()]));
      for (const { keyId, permission, lastUsedAt } of await listUses([...lastUses.keys()]))
        lastUses.get(keyId)?.set(permission, lastUsedAt);
      return new Map(keys.map((key) => [key.id, permissionUseOf(key, lastUses.get(key.id) ?? new Map())]));
    },
  };
}
