import type { FragmentType } from "@apollo/client";
import { useApolloClient, useFragment } from "@apollo/client/react";
import { Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { Dialog } from "../../components/dialog.tsx";
import { GraveFooter } from "../../components/grave-footer.tsx";
import { useNotify } from "../../components/use-notify.ts";
import {
  CancelDialog_InvitationFragmentDoc,
  CancelInvitationDocument,
  type CancelDialog_InvitationFragment,
} from "../../generated/graphql.ts";
import { useChange } from "../../graphql/use-change.ts";

interface CancelDialogProps {
  readonly invitation: FragmentType<CancelDialog_InvitationFragment>;
  readonly onClose: () => void;
}

export function CancelDialog({ invitation, onClose }: CancelDialogProps) {
  const t = useTranslations("cancelInvitation");
  const client = useApolloClient();
  const notify = useNotify();
  const { data, complete } = useFragment({
    fragment: CancelDialog_InvitationFragmentDoc,
    fragmentName: "CancelDialog_invitation",
    from: invitation,
  });
  const { change, isBusy, error, isUnknown } = useChange({
    unknownOutcome: t("unknownOutcome"),
    failed: (message) => t("failed", { message }),
  });
  if (!complete) return null;
  const { id, email } = data;
  const close = () => (isBusy ? undefined : onClose());
  const cancel = () =>
    void change(async () => {
      const answer = await client.mutate({ mutation: CancelInvitationDocument, variables: { input: { id } } });
      const result = answer.data?.cancelInvitation;
      if (result?.__typename !== "CancelInvitationPayload") return result;
      notify(t("done", { email }));
      onClose();
      return null;
    });
  return (
    <Dialog title={t("title")} onClose={close}>
      <Stack gap="md">
        <Text size="sm">{t.rich("warning", { email, b: (chunks) => <b>{chunks}</b> })}</Text>
        <GraveFooter
          keep={t("keep")}
          submit={t("submit")}
          isBusy={isBusy}
          error={error}
          isUnknown={isUnknown}
          onKeep={close}
          onSubmit={cancel}
        />
      </Stack>
    </Dialog>
  );
}
