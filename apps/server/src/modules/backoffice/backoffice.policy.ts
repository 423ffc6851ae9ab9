import type { Actor, SessionActor } from "@latchkey/types/actor";

/** Pure: the backoffice is for super_admins, in a session. What a team's role allows does not matter here. */

export function mayUseBackoffice(actor: Actor): actor is SessionActor {
  return actor.kind === "session" && actor.isSuperAdmin;
}

/**
 * Anybody but oneself, other super_admins too: an account that fell into wrong hands must be stopped at once. Whoever
 * bans is not banned, so that one who can take it back always remains.
 */
export function mayBan(actor: Actor, userId: string): boolean {
  return mayUseBackoffice(actor) && actor.userId !== userId;
}
