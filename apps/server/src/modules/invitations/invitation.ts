import type { TeamRole } from "@latchkey/types/roles";

/** An open invitation. What its link ends with is not part of it: only a hash of that is stored. */
export interface Invitation {
  readonly id: string;
  readonly teamId: string;
  /** In lower case. */
  readonly email: string;
  readonly role: TeamRole;
  readonly expiresAt: Date;
}
