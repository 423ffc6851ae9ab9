import type { FragmentType } from "@apollo/client";
import { useApolloClient, useFragment } from "@apollo/client/react";
import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Dialog } from "../../components/dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { useNotify } from "../../components/use-notify.ts";
import {
  ChangeMemberRoleDocument,
  RoleDialog_MemberFragmentDoc,
  type Role,
  type RoleDialog_MemberFragment,
} from "../../generated/graphql.ts";
import { useChange } from "../../graphql/use-change.ts";
import { useTeamEntry } from "../../session/team-entry.ts";
import { isDemotion } from "./member-standing.ts";
import { RoleChoice } from "./role-choice.tsx";

interface RoleDialogProps {
  readonly member: FragmentType<RoleDialog_MemberFragment>;
  readonly viewerId: string;
  readonly onClose: () => void;
}

export function RoleDialog({ member, viewerId, onClose }: RoleDialogProps) {
  const t = useTranslations("changeRole");
  const { data, complete } = useFragment({
    fragment: RoleDialog_MemberFragmentDoc,
    fragmentName: "RoleDialog_member",
    from: member,
  });
  const [isBusy, setIsBusy] = useState(false);
  if (!complete) return null;
  const isOneself = data.user.id === viewerId;
  return (
    <Dialog
      title={isOneself ? t("titleSelf") : t("title", { name: data.user.name })}
      onClose={() => (isBusy ? undefined : onClose())}
    >
      <RoleForm member={data} isOneself={isOneself} onBusy={setIsBusy} onClose={onClose} />
    </Dialog>
  );
}

interface RoleFormProps {
  readonly member: RoleDialog_MemberFragment;
  readonly isOneself: boolean;
  readonly onBusy: (isBusy: boolean) => void;
  readonly onClose: () => void;
}

function RoleForm({ member, isOneself, onBusy, onClose }: RoleFormProps) {
  const t = useTranslations("changeRole");
  const tApp = useTranslations("app");
  const [role, setRole] = useState<Role>(member.role);
  const { changeRole, isBusy, error } = useChangeRole(member, isOneself, onClose);
  const submit = async () => {
    onBusy(true);
    await changeRole(role);
    onBusy(false);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (role === member.role) onClose();
        else void submit();
      }}
    >
      <Stack gap="md">
        <RoleChoice label={t("role")} value={role} assignable={member.viewerMayAssign} onChange={setRole} />
        <div aria-live="polite">
          <Consequence from={member.role} to={role} isOneself={isOneself} hasKeys={member.activeKeys > 0} />
        </div>
        {error === null ? null : (
          <Notice tone="negative" role="alert">
            {error}
          </Notice>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose} disabled={isBusy}>
            {tApp("cancel")}
          </Button>
          <Button type="submit" loading={isBusy}>
            {t("submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ConsequenceProps {
  readonly from: Role;
  readonly to: Role;
  readonly isOneself: boolean;
  readonly hasKeys: boolean;
}

/** What the change does to the keys, said before it is made. */
function Consequence({ from, to, isOneself, hasKeys }: ConsequenceProps) {
  const t = useTranslations("changeRole");
  const tRoles = useTranslations("roles");
  if (from === to || (!hasKeys && !isOneself)) return null;
  const isLess = isDemotion(from, to);
  return <Text size="sm">{t(isLess ? (isOneself ? "lessSelf" : "less") : "more", { role: tRoles(to) })}</Text>;
}

function useChangeRole(member: RoleDialog_MemberFragment, isOneself: boolean, onDone: () => void) {
  const t = useTranslations("changeRole");
  const tRoles = useTranslations("roles");
  const client = useApolloClient();
  const notify = useNotify();
  const { refreshViewer } = useTeamEntry();
  const { change, isBusy, error } = useChange({
    unknownOutcome: t("unknownOutcome"),
    failed: (message) => t("failed", { message }),
  });
  const changeRole = (role: Role) =>
    change(async () => {
      const { data } = await client.mutate({
        mutation: ChangeMemberRoleDocument,
        variables: { input: { memberId: member.id, role } },
      });
      const result = data?.changeMemberRole;
      if (result?.__typename !== "ChangeMemberRolePayload") return result;
      if (isOneself) refreshViewer();
      notify(
        isOneself ? t("doneSelf", { role: tRoles(role) }) : t("done", { name: member.user.name, role: tRoles(role) }),
      );
      onDone();
      return null;
    });
  return { changeRole, isBusy, error };
}
