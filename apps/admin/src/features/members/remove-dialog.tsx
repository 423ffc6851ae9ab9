import type { FragmentType } from "@apollo/client";
import { useApolloClient, useFragment } from "@apollo/client/react";
import { Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Dialog } from "../../components/dialog.tsx";
import { GraveFooter } from "../../components/grave-footer.tsx";
import { useNotify } from "../../components/use-notify.ts";
import {
  RemoveDialog_MemberFragmentDoc,
  RemoveMemberDocument,
  type RemoveDialog_MemberFragment,
} from "../../generated/graphql.ts";
import { useChange } from "../../graphql/use-change.ts";
import type { CurrentTeam } from "../../session/current-team.ts";
import { MemberKeys } from "./member-keys.tsx";
import { RevokeKeysQuestion } from "./revoke-keys-question.tsx";
import { useMemberKeys } from "./use-member-keys.ts";

interface RemoveDialogProps {
  readonly team: CurrentTeam;
  readonly member: FragmentType<RemoveDialog_MemberFragment>;
  readonly onClose: () => void;
}

/** Shows a member's keys before they go: what will stop, and that revoking is something else. */
export function RemoveDialog({ team, member, onClose }: RemoveDialogProps) {
  const t = useTranslations("removeMember");
  const tRevoke = useTranslations("revokeMemberKeys");
  const [isBusy, setIsBusy] = useState(false);
  const [isRevoking, setIsRevoking] = useState(false);
  const { data, complete } = useFragment({
    fragment: RemoveDialog_MemberFragmentDoc,
    fragmentName: "RemoveDialog_member",
    from: member,
  });
  if (!complete) return null;
  const { name } = data.user;
  return (
    <Dialog
      title={isRevoking ? tRevoke("title", { name }) : t("title", { name, team: team.name })}
      onClose={() => (isBusy ? undefined : onClose())}
      size={560}
    >
      <RemoveMember
        teamId={team.id}
        member={data}
        isRevoking={isRevoking}
        onRevoking={setIsRevoking}
        onBusy={setIsBusy}
        onClose={onClose}
      />
    </Dialog>
  );
}

interface RemoveMemberProps {
  readonly teamId: string;
  readonly member: RemoveDialog_MemberFragment;
  /** Asking about the keys alone. */
  readonly isRevoking: boolean;
  readonly onRevoking: (isRevoking: boolean) => void;
  readonly onBusy: (isBusy: boolean) => void;
  readonly onClose: () => void;
}

function RemoveMember({ teamId, member, isRevoking, onRevoking, onBusy, onClose }: RemoveMemberProps) {
  const t = useTranslations("removeMember");
  const tApp = useTranslations("app");
  const tKeys = useTranslations("memberKeys");
  const tRevoke = useTranslations("revokeMemberKeys");
  const { id, name } = member.user;
  const list = useMemberKeys(teamId, id);
  const { remove, isBusy, error, isUnknown } = useRemove(member, onBusy, onClose);
  if (isRevoking) {
    return <RevokeKeysQuestion member={member} keys={list} onBusy={onBusy} onClose={() => onRevoking(false)} />;
  }
  return (
    <Stack gap="md">
      <MemberKeys title={tKeys("title", { name })} list={list} />
      {list.keys === null ? null : (
        <Text size="sm">
          {t("stops", { count: list.total })} {list.total === 0 ? null : t("noReturn")}
        </Text>
      )}
      <GraveFooter
        keep={tApp("cancel")}
        submit={t("submit")}
        isBusy={isBusy}
        isDisabled={list.keys === null}
        error={error}
        isUnknown={isUnknown}
        onKeep={onClose}
        onSubmit={() => void remove()}
      >
        {member.viewerMayRevokeKeys && list.total > 0 ? (
          <Button
            variant="default"
            mr="auto"
            c="var(--mantine-color-error)"
            disabled={isBusy}
            onClick={() => onRevoking(true)}
          >
            {tRevoke("open")}
          </Button>
        ) : null}
      </GraveFooter>
    </Stack>
  );
}

function useRemove(member: RemoveDialog_MemberFragment, onBusy: (isBusy: boolean) => void, onDone: () => void) {
  const t = useTranslations("removeMember");
  const client = useApolloClient();
  const notify = useNotify();
  const { change, ...state } = useChange({
    unknownOutcome: t("unknownOutcome"),
    failed: (message) => t("failed", { message }),
  });
  async function remove(): Promise<void> {
    onBusy(true);
    await change(async () => {
      const { data } = await client.mutate({
        mutation: RemoveMemberDocument,
        variables: { input: { memberId: member.id } },
      });
      const result = data?.removeMember;
      if (result?.__typename !== "RemoveMemberPayload") return result;
      notify(t("done", { name: member.user.name }));
      onDone();
      return null;
    });
    onBusy(false);
  }
  return { remove, ...state };
}
