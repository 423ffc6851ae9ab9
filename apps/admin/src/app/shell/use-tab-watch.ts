import { useApolloClient } from "@apollo/client/react";
import { useInterval } from "@mantine/hooks";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { TabCheckDocument, type Role, type TabCheckQuery } from "../../generated/graphql.ts";
import type { CurrentTeam } from "../../session/current-team.ts";
import { openDialogKind } from "../../session/open-dialogs.ts";
import { useRefusals } from "../../session/refusals.ts";
import { usePageFocus } from "../../session/use-page-focus.ts";

const POLL_MS = 10_000;

export interface TeamName {
  readonly id: string;
  readonly name: string;
}

/** What became of the viewer in the shown team while the page was open. */
export type MembershipChange =
  | { readonly kind: "role"; readonly from: Role; readonly to: Role }
  | { readonly kind: "removed"; readonly nextTeam: TeamName | null };

interface TabWatch {
  /** Selected in another tab, as of the last return to this one. */
  readonly selected: TeamName | null;
  readonly change: MembershipChange | null;
  readonly dismissChange: () => void;
}

/**
 * Has another tab switched teams, signed out, or signed somebody else in? Is the viewer still what this page takes them
 * for? Asked on every return to the tab, every 10 s while it is visible, and when the server refuses something.
 */
export function useTabWatch(team: CurrentTeam, onStale: (teamId: string) => void): TabWatch {
  const [selected, setSelected] = useState<TeamName | null>(null);
  const [change, setChange] = useState<MembershipChange | null>(null);
  const shown = useRef(team);
  useEffect(() => {
    shown.current = team;
  }, [team]);
  const check = useTabCheck(team);
  const toSignIn = useSignInAgain();

  async function look(isReturn: boolean): Promise<void> {
    const answer = await check();
    if (answer === null || openDialogKind() === "secret") return;
    if (answer.selected === null) {
      // Nobody has come back to a form that somebody is filling in: it says so itself when it is sent.
      if (isReturn || openDialogKind() === null) toSignIn();
      return;
    }
    // The whole page belongs to somebody else now.
    if (answer.selected.user.id !== team.userId) return window.location.reload();
    if (isReturn) setSelected(answer.selected.team);
    // The answer is about what the page showed when it asked; meanwhile the viewer may have changed their own role.
    if (answer.shown === null || isStale(team, shown.current)) return;
    if (answer.shown.role === null) return setChange({ kind: "removed", nextTeam: answer.selected.team });
    if (change?.kind === "removed") setChange(null);
    if (!isStale(team, answer.shown)) return;
    if (team.role !== answer.shown.role) setChange({ kind: "role", from: team.role, to: answer.shown.role });
    onStale(team.id);
  }

  usePageFocus(() => void look(true));
  useRefusals(() => void look(false));
  useInterval(() => (document.hidden ? undefined : void look(false)), POLL_MS, { autoInvoke: true });
  return { selected, change, dismissChange: () => setChange(null) };
}

/** Null when the question could not be asked; the list has its own words for a server that is away. */
function useTabCheck(team: CurrentTeam): () => Promise<TabCheckQuery | null> {
  const client = useApolloClient();
  return async () => {
    if (openDialogKind() === "secret") return null;
    try {
      // Not through the cache: `viewer` there is the team this tab shows.
      const { data } = await client.query({
        query: TabCheckDocument,
        variables: { teamId: team.id },
        fetchPolicy: "no-cache",
      });
      return data ?? null;
    } catch {
      return null;
    }
  };
}

function useSignInAgain(): () => void {
  const navigate = useNavigate();
  const { href } = useLocation();
  return () => void navigate({ to: "/sign-in", search: { next: href, notice: "session-ended" }, replace: true });
}

interface Standing {
  readonly role: Role | null;
  readonly permissions: Iterable<string>;
}

function isStale(before: Standing, now: Standing): boolean {
  const held = new Set(before.permissions);
  const holds = [...now.permissions];
  return before.role !== now.role || held.size !== holds.length || holds.some((permission) => !held.has(permission));
}
