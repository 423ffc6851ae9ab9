import { useApolloClient } from "@apollo/client/react";
import { Button, Group } from "@mantine/core";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "../../components/notice.tsx";
import { TabCheckDocument, type TabCheckQuery } from "../../generated/graphql.ts";
import type { CurrentTeam } from "../../session/current-team.ts";
import { openDialogKind, useOpenDialogKind } from "../../session/open-dialogs.ts";
import { usePageFocus } from "../../session/use-page-focus.ts";
import { LeaveQuestion } from "./leave-question.tsx";
import classes from "./shell.module.css";

interface TeamChangeNoticeProps {
  readonly team: CurrentTeam;
  readonly userId: string;
  readonly onSwitchTeam: (teamId: string) => void;
  /** The viewer's role or permissions in the shown team are no longer those on screen. */
  readonly onStale: (teamId: string) => void;
}

interface OtherTeam {
  readonly id: string;
  readonly name: string;
}

/** On every return to the tab: has another tab switched teams, signed out, or signed somebody else in? */
export function TeamChangeNotice({ team, userId, onSwitchTeam, onStale }: TeamChangeNoticeProps) {
  const t = useTranslations("otherTab");
  const [other, setOther] = useState<OtherTeam | null>(null);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const dialogKind = useOpenDialogKind();
  const check = useTabCheck(team);
  const toSignIn = useSignInAgain();

  usePageFocus(() => {
    void check().then((answer) => {
      if (answer === null || openDialogKind() === "secret") return;
      if (answer.selected === null) return toSignIn();
      // The whole page belongs to somebody else now.
      if (answer.selected.user.id !== userId) return window.location.reload();
      setOther(answer.selected.team);
      if (answer.shown !== null && isStale(team, answer.shown)) onStale(team.id);
    });
  });

  if (other === null || other.id === team.id || other.id === dismissed || dialogKind === "secret") return null;
  const stay = () => setDismissed(other.id);
  if (dialogKind === "unsaved") {
    return (
      <LeaveQuestion teamName={other.name} shownTeam={team.name} onStay={stay} onLeave={() => onSwitchTeam(other.id)}>
        {t("question", { other: other.name, current: team.name })}
      </LeaveQuestion>
    );
  }
  return (
    <div className={classes.notice}>
      <Notice tone="info" role="status">
        {t("notice", { other: other.name, current: team.name })}
        <Group mt="sm" gap="xs">
          <Button size="compact-sm" onClick={() => onSwitchTeam(other.id)}>
            {t("switchHere", { team: other.name })}
          </Button>
          <Button size="compact-sm" variant="default" onClick={stay}>
            {t("stay", { team: team.name })}
          </Button>
        </Group>
      </Notice>
    </div>
  );
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

function isStale(team: CurrentTeam, now: NonNullable<TabCheckQuery["shown"]>): boolean {
  if (team.role !== now.role || team.permissions.size !== now.permissions.length) return true;
  return now.permissions.some((permission) => !team.permissions.has(permission));
}
