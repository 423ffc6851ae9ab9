import {
  apiKeyStatus,
  blockedReason,
  expiresSoon,
  type ApiKeyStatus,
  type BlockedReason,
} from "@latchkey/types/api-key-status";
import type { Permission } from "@latchkey/types/permissions";
import type { Role } from "@latchkey/types/roles";
import type { Person } from "../people/person.ts";
import { keyStanding, type KeyOwnership } from "./key-standing.ts";

/** A key as every door shows it. The secret is not part of it. */
export interface ApiKey {
  readonly id: string;
  readonly teamId: string;
  readonly name: string;
  readonly prefix: string;
  readonly status: ApiKeyStatus;
  readonly blockedReason: BlockedReason | null;
  readonly permissions: readonly string[];
  readonly effectivePermissions: readonly Permission[];
  /** What its creator is in the team now; null: nothing any more, as far as this key goes. */
  readonly ownerRole: Role | null;
  readonly createdAt: Date;
  readonly createdBy: Person;
  readonly expiresAt: Date | null;
  readonly expiresSoon: boolean;
  readonly lastUsed: Date | null;
  readonly lastUsedIp: string | null;
  readonly revokedAt: Date | null;
  readonly revokedBy: Person | null;
  readonly refusedSinceRevocation: number;
  readonly replacesId: string | null;
  readonly replacedById: string | null;
}

/** All keys the actor sees, by status, whatever the filter says. */
export interface KeyCounts {
  readonly active: number;
  readonly expired: number;
  readonly revoked: number;
}

/** A key as it is stored, with what decides its standing. */
export interface StoredApiKey extends Omit<
  ApiKey,
  "status" | "blockedReason" | "effectivePermissions" | "ownerRole" | "expiresSoon"
> {
  readonly ownership: KeyOwnership;
  /** The database's clock when it was read. */
  readonly now: Date;
}

export function toApiKey(key: StoredApiKey): ApiKey {
  const { ownership, now } = key;
  const status = apiKeyStatus(key, now);
  const standing = keyStanding(key.permissions, ownership, now);
  // Each by its name: a page holds fifty, and to copy what is left over costs more than all the rest.
  return {
    id: key.id,
    teamId: key.teamId,
    name: key.name,
    prefix: key.prefix,
    status,
    blockedReason: blockedReason(status, standing),
    permissions: key.permissions,
    effectivePermissions: standing.effectivePermissions,
    ownerRole: standing.role,
    createdAt: key.createdAt,
    createdBy: key.createdBy,
    expiresAt: key.expiresAt,
    expiresSoon: expiresSoon(key, now),
    lastUsed: key.lastUsed,
    lastUsedIp: key.lastUsedIp,
    revokedAt: key.revokedAt,
    revokedBy: key.revokedBy,
    refusedSinceRevocation: key.refusedSinceRevocation,
    replacesId: key.replacesId,
    replacedById: key.replacedById,
  };
}
