import { createContext, use } from "react";
import type { Permission } from "@latchkey/types/permissions";
import type { Role } from "../generated/graphql.ts";

/** The team this tab shows, and what the viewer is in it. */
export interface CurrentTeam {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly permissions: ReadonlySet<string>;
  /** Who is looking. */
  readonly userId: string;
  /** A super_admin may be in a team without being one of its members. */
  readonly isMember: boolean;
}

const CurrentTeamContext = createContext<CurrentTeam | null>(null);

export const CurrentTeamProvider = CurrentTeamContext.Provider;

/** Null when the viewer is in no team. */
export function useCurrentTeam(): CurrentTeam | null {
  return use(CurrentTeamContext);
}

export function mayIn(team: CurrentTeam, permission: Permission): boolean {
  return team.permissions.has(permission);
}
