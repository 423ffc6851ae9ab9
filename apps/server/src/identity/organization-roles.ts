import { TEAM_ROLES } from "@latchkey/types/roles";
import { createAccessControl } from "better-auth/plugins/access";

/**
 * Better Auth's organization plugin wants roles of its own. They grant nothing: its routes are shut, and who may do
 * what in a team is decided by packages/types/permissions.ts alone.
 */
export const ACCESS_CONTROL = createAccessControl({ organization: ["update"] } as const);

const GRANTS_NOTHING = ACCESS_CONTROL.newRole({ organization: [] });

export const TEAM_ROLE_DEFINITIONS = Object.fromEntries(TEAM_ROLES.map((role) => [role, GRANTS_NOTHING]));
