import type { Actor, SessionActor } from "@latchkey/types/actor";
import type { Permission } from "@latchkey/types/permissions";
import {
  DomainError,
  PermissionMissingError,
  SubscriptionInactiveError,
  unauthenticated,
  secondFactorRequired,
} from "../domain-error.ts";

/** Who may reach a route. Every route declares it; there is no default. */
export interface RouteAccess {
  readonly credential: "none" | "key" | "key_or_session" | "session";
  /** What a key needs. What a session needs depends on the team, and its service decides it. */
  readonly permission: Permission | null;
  /** Routes that a key may call although the team's subscription is not active. */
  readonly isOpenWithoutSubscription?: boolean;
}

/** Step 5 of the order of verification (spec §5): why this actor may not reach this route, or null. */
export function refusalOf(actor: Actor, access: RouteAccess): DomainError | null {
  if (access.credential === "none") return null;
  if (actor.kind === "nobody") return nobody(access);
  if (actor.kind === "session") return refusalOfSession(actor, access);
  if (access.credential === "session") {
    return new DomainError(
      "session_required",
      "No key may do this; sign in and use the page, or GraphQL with a session.",
    );
  }
  if (!actor.isSubscriptionUsable && !access.isOpenWithoutSubscription) return new SubscriptionInactiveError();
  if (access.permission !== null && !actor.permissions.includes(access.permission)) {
    return new PermissionMissingError(
      access.permission,
      `This key may not do that: it needs the permission ${access.permission}, chosen at its creation and held by its creator today.`,
    );
  }
  return null;
}

/** What a key makes use of that is let through. */
export function exercisedBy({ permission }: RouteAccess): readonly Permission[] {
  return permission === null ? [] : [permission];
}

/** The one permission that no team's role decides: refused before anything of the request is looked at. */
function refusalOfSession(actor: SessionActor, access: RouteAccess): DomainError | null {
  if (access.permission !== "backoffice:access" || actor.isSuperAdmin) return null;
  return actor.secondFactorMissingIn === "everywhere"
    ? secondFactorRequired("Super admins of this server need a second factor.")
    : new PermissionMissingError("backoffice:access");
}

function nobody(access: RouteAccess): DomainError {
  if (access.credential === "session") return unauthenticated();
  return new DomainError("key_missing", "Send a key in the header x-api-key. Nobody is signed in here either.");
}
