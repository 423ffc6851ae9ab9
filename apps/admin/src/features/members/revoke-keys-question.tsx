import { useApolloClient } from "@apollo/client/react";
import { Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { GraveFooter } from "../../components/grave-footer.tsx";
import { useNotify } from "../../components/use-notify.ts";
import { RevokeMemberApiKeysDocument, type RemoveDialog_MemberFragment } from "../../generated/graphql.ts";
import { useChange } from "../../graphql/use-change.ts";
import type { MemberKeysResult } from "./use-member-keys.ts";

interface RevokeKeysQuestionProps {
  readonly member: RemoveDialog_MemberFragment;
  readonly keys: MemberKeysResult;
  readonly onBusy: (isBusy: boolean) => void;
  readonly onClose: () => void;
}

/** Ends all keys of a member for good, whether they stay or go. */
export function RevokeKeysQuestion({ member, keys, onBusy, onClose }: RevokeKeysQuestionProps) {
  const t = useTranslations("revokeMemberKeys");
  const client = useApolloClient();
  const notify = useNotify();
  const { name } = member.user;
  const { change, isBusy, error, isUnknown } = useChange({
    unknownOutcome: t("unknownOutcome"),
    failed: (message) => t("failed", { message }),
  });
  async function revoke(): Promise<void> {
    onBusy(true);
    await change(async () => {
      const { data } = await client.mutate({
        mutation: RevokeMemberApiKeysDocument,
        variables: { input: { memberId: member.id } },
      });
      const result = data?.revokeMemberApiKeys;
      if (result?.__typename !== "RevokeMemberApiKeysPayload") return result;
      notify(t("done", { count: result.apiKeys.length, name }));
      await keys.refetch();
      onClose();
      return null;
    });
    onBusy(false);
  }
  return (
    <Stack gap="md">
      <Text size="sm" role="alert">
        {t("ask", { count: keys.total, name })}
      </Text>
      <GraveFooter
        keep={t("back")}
        submit={t("submit", { count: keys.total })}
        isBusy={isBusy}
        error={error}
        isUnknown={isUnknown}
        onKeep={onClose}
        onSubmit={() => void revoke()}
      />
    </Stack>
  );
}
