import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "../../components/notice.tsx";
import type { CurrentTeam } from "../../session/current-team.ts";
import { useOpenDialogKind } from "../../session/open-dialogs.ts";
import { LeaveQuestion } from "./leave-question.tsx";
import classes from "./shell.module.css";
import type { TeamName } from "./use-tab-watch.ts";

interface OtherTabNoticeProps {
  readonly team: CurrentTeam;
  /** Selected in another tab. */
  readonly selected: TeamName | null;
  readonly onSwitchTeam: (teamId: string) => void;
}

/** Another tab has switched teams: this one stays where it is, and offers to come along. */
export function OtherTabNotice({ team, selected, onSwitchTeam }: OtherTabNoticeProps) {
  const t = useTranslations("otherTab");
  const [dismissed, setDismissed] = useState<string | null>(null);
  const dialogKind = useOpenDialogKind();
  if (selected === null || selected.id === team.id || selected.id === dismissed || dialogKind === "secret") return null;
  const names = { other: selected.name, current: team.name };
  const stay = () => setDismissed(selected.id);
  const leave = () => onSwitchTeam(selected.id);
  if (dialogKind === "unsaved") {
    return (
      <LeaveQuestion teamName={selected.name} shownTeam={team.name} onStay={stay} onLeave={leave}>
        {t("question", names)}
      </LeaveQuestion>
    );
  }
  return (
    <div className={classes.notice}>
      <Notice tone="info" role="status">
        {t("notice", names)}
        <Group mt="sm" gap="xs">
          <Button size="compact-sm" onClick={leave}>
            {t("switchHere", { team: selected.name })}
          </Button>
          <Button size="compact-sm" variant="default" onClick={stay}>
            {t("stay", { team: team.name })}
          </Button>
        </Group>
      </Notice>
    </div>
  );
}
