import { useApolloClient } from "@apollo/client/react";
import { Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { Dialog } from "../../components/dialog.tsx";
import { GraveFooter } from "../../components/grave-footer.tsx";
import { useNotify } from "../../components/use-notify.ts";
import { LeaveTeamDocument } from "../../generated/graphql.ts";
import { useChange } from "../../graphql/use-change.ts";
import type { CurrentTeam } from "../../session/current-team.ts";
import { useTeamEntry } from "../../session/team-entry.ts";
import { MemberKeys } from "./member-keys.tsx";
import { useMemberKeys } from "./use-member-keys.ts";

interface LeaveDialogProps {
  readonly team: CurrentTeam;
  readonly onClose: () => void;
}

/** Removal by oneself: one's keys are shown first here too. */
export function LeaveDialog({ team, onClose }: LeaveDialogProps) {
  const t = useTranslations("leaveTeam");
  const tApp = useTranslations("app");
  const tKeys = useTranslations("memberKeys");
  const list = useMemberKeys(team.id, team.userId);
  const { leave, isBusy, error, isUnknown } = useLeave(team);
  const close = () => (isBusy ? undefined : onClose());
  return (
    <Dialog title={t("title", { team: team.name })} onClose={close} size={560}>
      <Stack gap="md">
        <MemberKeys title={tKeys("titleSelf", { team: team.name })} list={list} />
        {list.keys === null ? null : (
          <Text size="sm">
            {t("stops", { count: list.total })} {t("noReturn", { count: list.total })}
          </Text>
        )}
        <GraveFooter
          keep={tApp("cancel")}
          submit={t("submit")}
          isBusy={isBusy}
          isDisabled={list.keys === null}
          error={error}
          isUnknown={isUnknown}
          onKeep={close}
          onSubmit={leave}
        />
      </Stack>
    </Dialog>
  );
}

function useLeave(team: CurrentTeam) {
  const t = useTranslations("leaveTeam");
  const client = useApolloClient();
  const notify = useNotify();
  const { enterTeam } = useTeamEntry();
  const { change, ...state } = useChange({
    unknownOutcome: t("unknownOutcome"),
    failed: (message) => t("failed", { message }),
  });
  const leave = () =>
    void change(async () => {
      const { data } = await client.mutate({
        mutation: LeaveTeamDocument,
        variables: { input: { teamId: team.id } },
        fetchPolicy: "no-cache",
      });
      const result = data?.leaveTeam;
      if (result?.__typename !== "LeaveTeamPayload") return result;
      notify(t("done", { team: team.name }));
      await enterTeam(result.viewer.team?.id ?? null);
      return null;
    });
  return { leave, ...state };
}
