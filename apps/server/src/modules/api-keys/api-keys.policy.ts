import type { Actor, TeamAccess } from "@latchkey/types/actor";
import type { Permission } from "@latchkey/types/permissions";

/** Pure: who may do what with keys (spec §2). A session always has its own keys; a key never has any it made. */

/** Which keys of the team the actor sees. */
export type KeyVisibility =
  | { readonly kind: "all" }
  | { readonly kind: "created_by"; readonly userId: string }
  | { readonly kind: "none" };

export function keyVisibility(actor: Actor, access: TeamAccess): KeyVisibility {
  if (access.permissions.includes("api_keys:read")) return { kind: "all" };
  if (actor.kind === "session") return { kind: "created_by", userId: actor.userId };
  return { kind: "none" };
}

export function isVisible(visibility: KeyVisibility, key: { readonly createdBy: { readonly id: string } }): boolean {
  if (visibility.kind === "all") return true;
  return visibility.kind === "created_by" && key.createdBy.id === visibility.userId;
}

/** What is missing for renaming or revoking a key that the actor sees; null when nothing is. */
export function missingToChange(actor: Actor, access: TeamAccess, createdById: string): Permission | null {
  if (actor.kind === "session" && actor.userId === createdById) return null;
  return access.permissions.includes("api_keys:revoke") ? null : "api_keys:revoke";
}

/** What is missing for making a key; null when nothing is. */
export function missingToCreate(access: TeamAccess): Permission | null {
  return access.permissions.includes("api_keys:create") ? null : "api_keys:create";
}
