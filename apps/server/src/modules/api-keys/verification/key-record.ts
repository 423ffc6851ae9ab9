import type { PlanName } from "@latchkey/types/plans";

/** All that verification needs to know of a key, as one statement saw it. What keys share is in parts of its own. */
export interface KeyRecord {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly pepperId: string;
  readonly permissions: readonly string[];
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** The membership it was made under; null when a super_admin made it outside one. */
  readonly memberId: string | null;
  readonly creator: KeyCreator;
  readonly membership: CreatorMembership;
  readonly team: KeyTeam;
}

export interface KeyCreator {
  readonly id: string;
  readonly name: string;
  readonly isSuperAdmin: boolean;
  readonly bannedAt: Date | null;
  readonly banExpiresAt: Date | null;
}

/** What the creator is in the team now: not necessarily by the membership that the key was made under. */
export interface CreatorMembership {
  readonly id: string | null;
  readonly role: string | null;
}

export interface KeyTeam {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly plan: PlanName;
  /** By the plan, or what the backoffice set. */
  readonly requestsPerMinute: number;
  readonly subscriptionStatus: string | null;
}

/** What is told when a part of the record changes (the triggers of the coherence migration name them so). */
export interface KeySubjects {
  readonly key: string;
  readonly creator: string;
  readonly membership: string;
  readonly team: string;
}

export function subjectsOf({ id, creator, team }: KeyRecord): KeySubjects {
  return {
    key: `k:${id}`,
    creator: `u:${creator.id}`,
    membership: `m:${creator.id}:${team.id}`,
    team: `t:${team.id}`,
  };
}
