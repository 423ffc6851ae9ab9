/** Pure: where a second factor is required (spec §2). */

interface MembershipInTeam {
  readonly teamId: string;
  readonly role: string;
  readonly teamRequiresSecondFactor: boolean;
}

interface PersonWithoutSecondFactor {
  /** As the database says, whatever they may do now. */
  readonly isSuperAdmin: boolean;
  readonly memberships: readonly MembershipInTeam[];
}

/** Whom a team can require it of: whoever may make keys and manage members. */
function isBoundByTeam({ role, teamRequiresSecondFactor }: MembershipInTeam): boolean {
  return teamRequiresSecondFactor && (role === "owner" || role === "admin");
}

/** Where somebody whose session has passed no second factor may do nothing; undefined: nowhere. */
export function secondFactorMissingIn(
  { isSuperAdmin, memberships }: PersonWithoutSecondFactor,
  isRequiredOfSuperAdmins: boolean,
): "everywhere" | readonly string[] | undefined {
  if (isSuperAdmin && isRequiredOfSuperAdmins) return "everywhere";
  const teamIds = memberships.filter(isBoundByTeam).map(({ teamId }) => teamId);
  return teamIds.length === 0 ? undefined : teamIds;
}
