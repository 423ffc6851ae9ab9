import { Button } from "@mantine/core";
import { IconUserMinus } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { StatePanel } from "../../components/state-panel.tsx";
import { useTeamEntry } from "../../session/team-entry.ts";
import type { TeamName } from "./use-tab-watch.ts";

interface TeamLostProps {
  readonly teamName: string;
  /** The team the viewer is in now, if any. */
  readonly nextTeam: TeamName | null;
}

/** Stands where the page of a team was that the viewer no longer belongs to. */
export function TeamLost({ teamName, nextTeam }: TeamLostProps) {
  const t = useTranslations("membershipChange");
  const { enterTeam } = useTeamEntry();
  return (
    <div role="alert">
      <StatePanel
        isPage
        icon={<IconUserMinus size={24} />}
        title={t("removedTitle", { team: teamName })}
        action={
          <Button onClick={() => void enterTeam(nextTeam?.id ?? null)}>
            {nextTeam === null ? t("goOn") : t("goTo", { team: nextTeam.name })}
          </Button>
        }
      >
        {t("removed")}
      </StatePanel>
    </div>
  );
}
