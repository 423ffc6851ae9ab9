import type { FragmentType } from "@apollo/client";
import { useApolloClient, useFragment, useQuery } from "@apollo/client/react";
import { Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { MAX_REASON_LENGTH } from "@latchkey/types/inputs/backoffice";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Dialog } from "../../components/dialog.tsx";
import { FailurePanel } from "../../components/failure-panel.tsx";
import { GraveFooter } from "../../components/grave-footer.tsx";
import { useNotify } from "../../components/use-notify.ts";
import {
  BanConsequencesDocument,
  BanDialog_PersonFragmentDoc,
  SetUserBanDocument,
  type BanDialog_PersonFragment,
} from "../../generated/graphql.ts";
import { requestFailure } from "../../graphql/request-failure.ts";
import { useChange } from "../../graphql/use-change.ts";

interface BanDialogProps {
  readonly person: FragmentType<BanDialog_PersonFragment>;
  readonly onClose: () => void;
}

/** Bans somebody, or lets them in again: what stops or comes back is said before. */
export function BanDialog({ person, onClose }: BanDialogProps) {
  const { data, complete } = useFragment({
    fragment: BanDialog_PersonFragmentDoc,
    fragmentName: "BanDialog_person",
    from: person,
  });
  // The answer changes what the list says of them, and must not turn the question round on its way out.
  const [isUnban] = useState(() => complete && data.isBanned);
  const t = useTranslations(isUnban ? "unban" : "ban");
  const [isBusy, setIsBusy] = useState(false);
  if (!complete) return null;
  return (
    <Dialog title={t("title", { name: data.name })} onClose={() => (isBusy ? undefined : onClose())} size={520}>
      <BanQuestion person={data} isUnban={isUnban} onBusy={setIsBusy} onClose={onClose} />
    </Dialog>
  );
}

interface BanQuestionProps {
  readonly person: BanDialog_PersonFragment;
  readonly isUnban: boolean;
  readonly onBusy: (isBusy: boolean) => void;
  readonly onClose: () => void;
}

function BanQuestion({ person, isUnban, onBusy, onClose }: BanQuestionProps) {
  const t = useTranslations(isUnban ? "unban" : "ban");
  const tBan = useTranslations("ban");
  const tApp = useTranslations("app");
  const [reason, setReason] = useState("");
  const {
    data,
    error: missing,
    refetch,
  } = useQuery(BanConsequencesDocument, {
    variables: { id: person.id },
    fetchPolicy: "no-cache",
  });
  const { setBan, isBusy, error, isUnknown } = useSetBan(person, !isUnban, onBusy, onClose);
  const counts = data?.people?.nodes[0];
  if (counts === undefined && missing !== undefined) {
    return <FailurePanel failure={requestFailure(missing)} onRetry={() => void refetch().catch(() => undefined)} />;
  }
  return (
    <Stack gap="md">
      {counts === undefined ? (
        <Skeleton height={72} role="status" aria-label={tBan("loading")} />
      ) : isUnban ? (
        <UnbanConsequences reason={person.banReason} {...counts} />
      ) : (
        <BanConsequences {...counts} />
      )}
      {isUnban ? null : (
        <TextInput
          label={tBan("reason")}
          description={tBan("reasonHelp")}
          maxLength={MAX_REASON_LENGTH}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
      )}
      <GraveFooter
        keep={tApp("cancel")}
        submit={t("submit")}
        isBusy={isBusy}
        isDisabled={counts === undefined}
        isHarmless={isUnban}
        error={error}
        isUnknown={isUnknown}
        onKeep={onClose}
        onSubmit={() => void setBan(reason.trim() === "" ? null : reason)}
      />
    </Stack>
  );
}

interface Counts {
  readonly activeKeys: number;
  readonly keyTeams: number;
  readonly sessions: number;
}

function BanConsequences({ activeKeys, keyTeams, sessions }: Counts) {
  const t = useTranslations("ban");
  return (
    <Stack gap={8}>
      <Text size="sm">{t("sessions", { count: sessions })}</Text>
      <Text size="sm">{t("keys", { keys: activeKeys, teams: keyTeams })}</Text>
      <Text size="sm" c="dimmed">
        {t("kept")}
      </Text>
    </Stack>
  );
}

function UnbanConsequences({ activeKeys, keyTeams, reason }: Counts & { readonly reason: string | null }) {
  const t = useTranslations("unban");
  return (
    <Stack gap={8}>
      {reason === null ? null : <Text size="sm">{t("reason", { reason })}</Text>}
      <Text size="sm">
        {t("keys", { keys: activeKeys, teams: keyTeams })} {activeKeys === 0 ? null : t("revokeFirst")}
      </Text>
      <Text size="sm" c="dimmed">
        {t("sessions")}
      </Text>
    </Stack>
  );
}

function useSetBan(
  person: BanDialog_PersonFragment,
  banned: boolean,
  onBusy: (isBusy: boolean) => void,
  onDone: () => void,
) {
  const t = useTranslations(banned ? "ban" : "unban");
  const client = useApolloClient();
  const notify = useNotify();
  const { change, ...state } = useChange({
    unknownOutcome: t("unknownOutcome"),
    failed: (message) => t("failed", { message }),
  });
  async function setBan(reason: string | null): Promise<void> {
    onBusy(true);
    await change(async () => {
      const { data } = await client.mutate({
        mutation: SetUserBanDocument,
        variables: { input: { userId: person.id, banned, reason } },
      });
      const result = data?.setUserBan;
      if (result?.__typename !== "SetUserBanPayload") return result;
      notify(t("done", { name: person.name }));
      onDone();
      return null;
    });
    onBusy(false);
  }
  return { setBan, ...state };
}
