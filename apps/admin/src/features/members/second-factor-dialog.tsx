import { useApolloClient } from "@apollo/client/react";
import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { Dialog } from "../../components/dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { useNotify } from "../../components/use-notify.ts";
import { SetTeamSecondFactorDocument } from "../../generated/graphql.ts";
import { useChange } from "../../graphql/use-change.ts";
import type { CurrentTeam } from "../../session/current-team.ts";

interface SecondFactorDialogProps {
  readonly team: CurrentTeam;
  /** As it is now; the dialog is about the opposite. */
  readonly isRequired: boolean;
  /** The names of those it would keep out. */
  readonly without: readonly string[];
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

/** Whom it keeps out, before it does. */
export function SecondFactorDialog({ team, isRequired, without, onClose, onChanged }: SecondFactorDialogProps) {
  const t = useTranslations("teamSecurity");
  const tApp = useTranslations("app");
  const { set, isBusy, error } = useSetSecondFactor(team, () => {
    onChanged();
    onClose();
  });
  const close = () => (isBusy ? undefined : onClose());
  const about = { team: team.name, count: without.length, names: without.join(", ") };
  return (
    <Dialog title={t(isRequired ? "turnOffTitle" : "turnOnTitle")} onClose={close}>
      <Stack gap="md">
        <Text size="sm">{t(isRequired ? "turnOffAsk" : "turnOnAsk", about)}</Text>
        {error === null ? null : (
          <Notice tone="negative" role="alert">
            {error}
          </Notice>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" disabled={isBusy} onClick={close} data-autofocus>
            {tApp("cancel")}
          </Button>
          <Button loading={isBusy} onClick={() => set(!isRequired)}>
            {t(isRequired ? "turnOff" : "turnOn")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function useSetSecondFactor(team: CurrentTeam, onDone: () => void) {
  const t = useTranslations("teamSecurity");
  const client = useApolloClient();
  const notify = useNotify();
  const { change, isBusy, error } = useChange({
    unknownOutcome: t("unknownOutcome"),
    failed: (message) => t("failed", { message }),
  });
  const set = (isRequired: boolean) =>
    void change(async () => {
      const { data } = await client.mutate({
        mutation: SetTeamSecondFactorDocument,
        variables: { input: { teamId: team.id, isRequired } },
        fetchPolicy: "no-cache",
      });
      const result = data?.setTeamSecondFactor;
      if (result?.__typename !== "SetTeamSecondFactorPayload") return result;
      notify(t(isRequired ? "turnedOn" : "turnedOff", { team: team.name }));
      onDone();
      return null;
    });
  return { set, isBusy, error };
}
