import { createContext, use } from "react";

/** What pages may ask of the frame around them. */
export interface TeamEntry {
  /** Shows a team that the session has selected by now; null: whichever it has. Nothing of the old one survives. */
  readonly enterTeam: (teamId: string | null) => Promise<void>;
  /** Selects a team and shows it, with a word about it; a super_admin comes into any so. */
  readonly switchTeam: (teamId: string) => void;
  /** The viewer's own role or permissions may have changed by what they did. */
  readonly refreshViewer: () => void;
}

const TeamEntryContext = createContext<TeamEntry | null>(null);

export const TeamEntryProvider = TeamEntryContext.Provider;

export function useTeamEntry(): TeamEntry {
  const entry = use(TeamEntryContext);
  if (entry === null) throw new Error("This page has no frame around it.");
  return entry;
}
