import { permissionsOfRole, type Permission } from "./permissions.ts";
import type { PlanName } from "./plans.ts";
import type { Role, TeamRole } from "./roles.ts";

/** Who makes a request. `authenticate` ends in a nobody: whatever is not proven holds no permission. */
export type Actor = NobodyActor | SessionActor | KeyActor;

export interface NobodyActor {
  readonly kind: "nobody";
}

export interface Membership {
  readonly memberId: string;
  readonly teamId: string;
  readonly role: TeamRole;
}

/** A signed-in person. The memberships are read anew on every request, oldest first. */
export interface SessionActor {
  readonly kind: "session";
  readonly sessionId: string;
  readonly userId: string;
  readonly isSuperAdmin: boolean;
  readonly memberships: readonly Membership[];
  /** A team the person may still see, or null. */
  readonly selectedTeamId: string | null;
  /**
   * Where this session may do nothing until its person has passed a second factor: in these teams, or everywhere (a
   * super_admin, who has none of the platform's powers until then). Absent: nowhere.
   */
  readonly secondFactorMissingIn?: "everywhere" | readonly string[];
}

/** A key acts as its creator, in its team, with what is left of its permissions today. */
export interface KeyActor {
  readonly kind: "key";
  readonly key: {
    readonly id: string;
    readonly name: string;
    readonly prefix: string;
    readonly expiresAt: Date | null;
  };
  /** Its creator. */
  readonly userId: string;
  readonly userName: string;
  readonly teamId: string;
  readonly teamName: string;
  readonly teamSlug: string;
  readonly role: Role;
  readonly permissions: readonly Permission[];
  readonly isSubscriptionUsable: boolean;
  /** The team's: a service behind a gateway holds the key to it. */
  readonly plan: PlanName;
}

/** What an actor is in one team. */
export interface TeamAccess {
  readonly teamId: string;
  readonly role: Role;
  /** Null outside a membership (super_admin) and for keys. */
  readonly memberId: string | null;
  readonly permissions: readonly Permission[];
}

/** Whether the actor has to pass a second factor before they may do anything in this team. */
export function needsSecondFactor(actor: Actor, teamId: string): boolean {
  if (actor.kind !== "session" || actor.secondFactorMissingIn === undefined) return false;
  return actor.secondFactorMissingIn === "everywhere" || actor.secondFactorMissingIn.includes(teamId);
}

/** What the actor is called in a team, also while they may do nothing there for want of a second factor. */
export function roleIn(actor: Actor, teamId: string): Role | null {
  if (!needsSecondFactor(actor, teamId)) return accessTo(actor, teamId)?.role ?? null;
  const memberships = actor.kind === "session" ? actor.memberships : [];
  return memberships.find((membership) => membership.teamId === teamId)?.role ?? null;
}

/**
 * The actor's standing in a team; null when the team is not theirs to see. A super_admin has it for any id: whether
 * such a team exists is for the caller to find out.
 */
export function accessTo(actor: Actor, teamId: string): TeamAccess | null {
  if (actor.kind === "nobody") return null;
  if (actor.kind === "key") {
    if (actor.teamId !== teamId) return null;
    return { teamId, role: actor.role, memberId: null, permissions: actor.permissions };
  }
  if (needsSecondFactor(actor, teamId)) return null;
  const membership = actor.memberships.find((candidate) => candidate.teamId === teamId);
  const memberId = membership?.memberId ?? null;
  if (actor.isSuperAdmin) {
    return { teamId, role: "super_admin", memberId, permissions: permissionsOfRole("super_admin") };
  }
  if (membership === undefined) return null;
  return { teamId, role: membership.role, memberId, permissions: permissionsOfRole(membership.role) };
}
