import type { Database } from "../../platform/database/database.ts";
import { numberArray, textArray } from "./array-literal.ts";

/** That a key did something that needs this permission. */
export interface PermissionUse {
  readonly keyId: string;
  readonly permission: string;
  /** How long before it is stored. An age, because no two clocks show the same time. */
  readonly agoMilliseconds: number;
}

export interface StoredPermissionUse {
  readonly keyId: string;
  readonly permission: string;
  readonly lastUsedAt: Date;
}

export type PermissionUseRepository = ReturnType<typeof createPermissionUseRepository>;

export function createPermissionUseRepository(database: Database) {
  return {
    /**
     * Forward only, so that whatever is stored twice or late changes nothing. Sorted: processes that store at once take
     * the locks of the rows in one order, and cannot deadlock.
     */
    async store(uses: readonly PermissionUse[]): Promise<void> {
      await database.$executeRaw`
        INSERT INTO api_key_permission_used AS row (key_id, permission, last_used_at)
        SELECT key_id, permission, now() - make_interval(secs => min(ago) / 1000)
          FROM unnest(${textArray(uses.map(({ keyId }) => keyId))}::text[],
                      ${textArray(uses.map(({ permission }) => permission))}::text[],
                      ${numberArray(uses.map(({ agoMilliseconds }) => agoMilliseconds))}::float8[])
            AS used (key_id, permission, ago)
          JOIN api_key ON api_key.id = used.key_id
         GROUP BY key_id, permission ORDER BY key_id, permission
        ON CONFLICT (key_id, permission) DO UPDATE SET last_used_at = excluded.last_used_at
          WHERE excluded.last_used_at > row.last_used_at`;
    },

    /** All that these keys ever used. */
    listOf: (keyIds: readonly string[]): Promise<StoredPermissionUse[]> =>
      database.apiKeyPermissionUsed.findMany({ where: { keyId: { in: [...keyIds] } } }),
  };
}
