import type { KeyActor } from "@latchkey/types/actor";
import type { Permission } from "@latchkey/types/permissions";
import { DomainError, PermissionMissingError, SubscriptionInactiveError } from "../../platform/domain-error.ts";

/** Step 5 of the order of verification (spec §5) for a call that another service guards: why not, or null. */
export function refusalOfGuardedCall(actor: KeyActor, needed: readonly Permission[]): DomainError | null {
  if (!actor.isSubscriptionUsable) return new SubscriptionInactiveError();
  // Empty never means all: such a key opens nothing, also where a gateway asks for nothing.
  if (actor.permissions.length === 0) return nothingLeft(needed);
  const missing = needed.filter((permission) => !actor.permissions.includes(permission));
  const [first] = missing;
  if (first === undefined) return null;
  return new PermissionMissingError(
    first,
    `This key may not do that: it needs ${named(missing)}, chosen at its creation and held by its creator today.`,
  );
}

function nothingLeft([first]: readonly Permission[]): DomainError {
  const message = "This key opens nothing: its creator holds none of the permissions any more that it was given.";
  return first === undefined
    ? new DomainError("permission_missing", message)
    : new PermissionMissingError(first, message);
}

function named(permissions: readonly Permission[]): string {
  return `${permissions.length === 1 ? "the permission" : "the permissions"} ${permissions.join(", ")}`;
}
