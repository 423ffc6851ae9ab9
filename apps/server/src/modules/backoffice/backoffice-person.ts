/** What the backoffice sees of a person, over all teams. */
export interface BackofficePerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly isSuperAdmin: boolean;
  readonly isBanned: boolean;
  readonly bannedAt: Date | null;
  readonly banReason: string | null;
  readonly teams: number;
  /** Keys that a ban stops, and an unban gives back: neither revoked nor expired, of a membership that they still have. */
  readonly activeKeys: number;
  /** In how many teams those keys are. */
  readonly keyTeams: number;
  readonly sessions: number;
}
