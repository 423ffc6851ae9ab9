import type { TeamRole } from "@latchkey/types/roles";
import type { Person } from "../people/person.ts";

/** Somebody in a team, as every door shows them. */
export interface Member {
  readonly id: string;
  readonly teamId: string;
  readonly user: Person;
  readonly role: TeamRole;
  readonly joinedAt: Date;
  /** Keys they made in the team that are neither revoked nor expired. */
  readonly activeKeys: number;
  /** The team's only owner: can neither leave, nor be removed, nor become something else. */
  readonly isLastOwner: boolean;
}
