import { accessTo, type Actor } from "@latchkey/types/actor";
import type { Permission } from "@latchkey/types/permissions";

/**
 * Pure: of which teams the actor may read, or mark, their own notifications (spec §2). A person of all teams they are
 * in now; a key, which acts as its creator, of its own team. Whoever left a team is told nothing of it any more.
 */
export function notifiedTeams(
  actor: Actor,
  permission: Extract<Permission, `notifications:${string}`>,
): readonly string[] {
  return teamsOf(actor).filter((teamId) => accessTo(actor, teamId)?.permissions.includes(permission) ?? false);
}

function teamsOf(actor: Actor): readonly string[] {
  switch (actor.kind) {
    case "nobody":
      return [];
    case "key":
      return [actor.teamId];
    case "session":
      return actor.memberships.map(({ teamId }) => teamId);
  }
}
