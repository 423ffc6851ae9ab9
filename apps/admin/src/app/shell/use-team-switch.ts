import { useApolloClient } from "@apollo/client/react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useNotify } from "../../components/use-notify.ts";
import { SwitchTeamDocument } from "../../generated/graphql.ts";
import { requestFailure } from "../../graphql/request-failure.ts";
import { openDialogKind } from "../../session/open-dialogs.ts";

interface TeamSwitch {
  /** The team this tab insists on; null takes the session's selected one. */
  readonly teamId: string | null;
  readonly isSwitching: boolean;
  readonly switchTeam: (teamId: string) => void;
  /** Selects a team and shows it where the page is. A team that cannot be had is left alone. */
  readonly openTeam: (teamId: string) => Promise<void>;
  /** Shows a team anew without selecting it: its role or permissions have changed. */
  readonly showTeam: (teamId: string) => void;
  /** Goes to a team that the session has selected by now; null: to whichever it has. */
  readonly enterTeam: (teamId: string | null) => Promise<void>;
  /** The team this tab showed is no longer the viewer's. */
  readonly leaveTeam: () => void;
}

/** Switches this tab and the session to another team; nothing cached of the old one survives. */
export function useTeamSwitch(): TeamSwitch {
  const t = useTranslations("shell");
  const client = useApolloClient();
  const notify = useNotify();
  const navigate = useNavigate();
  const [teamId, setTeamId] = useState<string | null>(null);
  const [isSwitching, setIsSwitching] = useState(false);

  async function enterTeam(next: string | null): Promise<void> {
    setIsSwitching(true);
    // Filters and cursors belong to the team that is being left.
    await navigate({ to: "/settings/team/api-keys", search: {} });
    await client.clearStore();
    setTeamId(next);
    setIsSwitching(false);
  }

  async function openTeam(next: string): Promise<void> {
    try {
      const { data } = await client.mutate({
        mutation: SwitchTeamDocument,
        variables: { input: { teamId: next } },
        fetchPolicy: "no-cache",
      });
      if (data?.selectTeam.__typename === "SelectTeamPayload") setTeamId(next);
    } catch (error) {
      if (requestFailure(error) === "second_factor_required") notify(t("switchNeedsSecondFactor"), "negative");
    }
  }

  async function select(next: string) {
    try {
      const { data } = await client.mutate({
        mutation: SwitchTeamDocument,
        variables: { input: { teamId: next } },
        fetchPolicy: "no-cache",
      });
      if (data?.selectTeam.__typename === "NotFoundError") return notify(t("switchGone"), "negative");
      if (data?.selectTeam.__typename !== "SelectTeamPayload") throw new Error(data?.selectTeam.message);
      await enterTeam(next);
      notify(t("switched", { team: data.selectTeam.viewer.team?.name ?? "" }));
    } catch (error) {
      if (requestFailure(error) !== "second_factor_required") return notify(t("switchFailed"), "negative");
      notify(t("switchNeedsSecondFactor"), "negative");
      await navigate({ to: "/settings/account" });
    }
  }

  return {
    teamId,
    isSwitching,
    switchTeam: (next) => {
      // A key on show is the only copy of it.
      if (openDialogKind() !== "secret") void select(next);
    },
    openTeam,
    showTeam: setTeamId,
    enterTeam,
    leaveTeam: () => {
      notify(t("teamGone"));
      void enterTeam(null);
    },
  };
}
