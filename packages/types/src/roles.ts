/** What a member of a team can be, from most to least. A member has exactly one. */
export const TEAM_ROLES = ["owner", "admin", "manager", "viewer"] as const;
export type TeamRole = (typeof TEAM_ROLES)[number];

/** `super_admin` is a role of the platform: it is shown as the role in any team, but no member row ever holds it. */
export const ROLES = ["super_admin", ...TEAM_ROLES] as const;
export type Role = (typeof ROLES)[number];

export function isTeamRole(value: string): value is TeamRole {
  return (TEAM_ROLES as readonly string[]).includes(value);
}

/** What somebody with this role may make others, and invite them as: only owners make owners. */
export function rolesGrantedBy(role: Role): readonly TeamRole[] {
  if (role === "super_admin" || role === "owner") return TEAM_ROLES;
  return role === "admin" ? TEAM_ROLES.filter((granted) => granted !== "owner") : [];
}
