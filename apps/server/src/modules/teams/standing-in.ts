import { accessTo, needsSecondFactor, type Actor, type TeamAccess } from "@latchkey/types/actor";
import { secondFactorRequired } from "../../platform/domain-error.ts";

/**
 * The actor's standing in a team; null when the team is not theirs to see. Whoever has to pass a second factor there
 * first is told so, rather than that there is nothing.
 * @throws DomainError second_factor_required
 */
export function standingIn(actor: Actor, teamId: string): TeamAccess | null {
  assertPlatformSecondFactor(actor);
  if (!needsSecondFactor(actor, teamId)) return accessTo(actor, teamId);
  throw secondFactorRequired("This team requires a second factor of its owners and admins.");
}

/**
 * For what super admins do across teams.
 * @throws DomainError second_factor_required
 */
export function assertPlatformSecondFactor(actor: Actor): void {
  if (actor.kind === "session" && actor.secondFactorMissingIn === "everywhere")
    throw secondFactorRequired("Super admins of this server need a second factor.");
}
