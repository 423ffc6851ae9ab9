import { apiKeyStatus } from "@latchkey/types/api-key-status";
import type { KeyActor } from "@latchkey/types/actor";
import { keyStanding } from "../key-standing.ts";
import type { KeyRecord } from "./key-lookup.repository.ts";

/** Step 3 of the order of verification (spec §5): what a known key may be refused for, whatever it asks. */
export type Evaluation =
  | { readonly kind: "accepted"; readonly actor: KeyActor; readonly requestsPerMinute: number }
  | {
      readonly kind: "refused";
      readonly code: "key_revoked" | "key_expired" | "key_owner_inactive";
      readonly at: Date | null;
    };

/** Pure: the same record at the same instant always gets the same answer. */
export function evaluateApiKey(key: KeyRecord): Evaluation {
  const status = apiKeyStatus(key, key.now);
  if (status === "REVOKED") return { kind: "refused", code: "key_revoked", at: key.revokedAt };
  if (status === "EXPIRED") return { kind: "refused", code: "key_expired", at: key.expiresAt };

  const standing = keyStanding(key.permissions, key.ownership, key.now);
  if (standing.role === null || standing.isOwnerBanned)
    return { kind: "refused", code: "key_owner_inactive", at: null };

  return {
    kind: "accepted",
    actor: {
      kind: "key",
      key: { id: key.id, name: key.name, prefix: key.prefix, expiresAt: key.expiresAt },
      userId: key.createdById,
      teamId: key.teamId,
      role: standing.role,
      permissions: standing.effectivePermissions,
      isSubscriptionUsable: standing.isSubscriptionUsable,
      plan: key.plan,
    },
    requestsPerMinute: key.requestsPerMinute,
  };
}
