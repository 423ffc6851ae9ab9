import { apiKeyStatus } from "@latchkey/types/api-key-status";
import type { KeyActor } from "@latchkey/types/actor";
import { keyStanding, type KeyOwnership } from "../key-standing.ts";
import type { KeyRecord } from "./key-record.ts";

/** Step 3 of the order of verification (spec §5): what a known key may be refused for, whatever it asks. */
export type Evaluation =
  | { readonly kind: "accepted"; readonly actor: KeyActor; readonly requestsPerMinute: number }
  | {
      readonly kind: "refused";
      readonly code: "key_revoked" | "key_expired" | "key_owner_inactive";
      readonly at: Date | null;
      /** Whose call it was: it is recorded as well. */
      readonly key: { readonly id: string; readonly teamId: string; readonly userId: string };
    };

/** Pure: the same record at the same instant (the database's clock) always gets the same answer. */
export function evaluateApiKey(key: KeyRecord, now: Date): Evaluation {
  const refused = { kind: "refused", key: { id: key.id, teamId: key.team.id, userId: key.creator.id } } as const;
  const status = apiKeyStatus(key, now);
  if (status === "REVOKED") return { ...refused, code: "key_revoked", at: key.revokedAt };
  if (status === "EXPIRED") return { ...refused, code: "key_expired", at: key.expiresAt };

  const standing = keyStanding(key.permissions, ownershipOf(key), now);
  if (standing.role === null || standing.isOwnerBanned) return { ...refused, code: "key_owner_inactive", at: null };

  return {
    kind: "accepted",
    actor: {
      kind: "key",
      key: { id: key.id, name: key.name, prefix: key.prefix, expiresAt: key.expiresAt },
      userId: key.creator.id,
      userName: key.creator.name,
      teamId: key.team.id,
      teamName: key.team.name,
      teamSlug: key.team.slug,
      role: standing.role,
      permissions: standing.effectivePermissions,
      isSubscriptionUsable: standing.isSubscriptionUsable,
      plan: key.team.plan,
    },
    requestsPerMinute: key.team.requestsPerMinute,
  };
}

function ownershipOf({ memberId, creator, membership, team }: KeyRecord): KeyOwnership {
  return {
    memberId,
    // Whoever left and joined again has another membership: what was made under the old one stays stopped.
    memberRole: membership.id === memberId ? membership.role : null,
    isOwnerSuperAdmin: creator.isSuperAdmin,
    ownerBannedAt: creator.bannedAt,
    ownerBanExpiresAt: creator.banExpiresAt,
    subscriptionStatus: team.subscriptionStatus,
  };
}
