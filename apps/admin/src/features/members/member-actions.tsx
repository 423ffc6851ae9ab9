import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Group, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { SmallButton } from "../../components/small-button.tsx";
import { MemberActions_MemberFragmentDoc, type MemberActions_MemberFragment } from "../../generated/graphql.ts";
import { mayIn, type CurrentTeam } from "../../session/current-team.ts";
import { reasonForNothing } from "./member-standing.ts";
import classes from "./members.module.css";

export interface MemberActionHandlers {
  readonly onChangeRole: () => void;
  readonly onRemove: () => void;
  readonly onLeave: () => void;
}

interface MemberActionsProps extends MemberActionHandlers {
  readonly member: FragmentType<MemberActions_MemberFragment>;
  readonly team: CurrentTeam;
}

/** What the viewer may do with a member; where that is nothing, why. */
export function MemberActions({ member, team, onChangeRole, onRemove, onLeave }: MemberActionsProps) {
  const t = useTranslations("members");
  const { data, complete } = useFragment({
    fragment: MemberActions_MemberFragmentDoc,
    fragmentName: "MemberActions_member",
    from: member,
  });
  if (!complete) return null;
  const { name } = data.user;
  const isOneself = data.user.id === team.userId;
  const reason = mayIn(team, "members:manage") ? reasonForNothing(data, { role: team.role, isOneself }) : null;
  if (reason !== null) {
    return (
      <Text size="xs" c="dimmed" className={classes.reason}>
        {t(reason)}
      </Text>
    );
  }
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      {data.viewerMayAssign.length === 0 ? null : (
        <SmallButton label={t("changeRole")} name={t("changeRoleNamed", { name })} onClick={onChangeRole} />
      )}
      {data.viewerMayRemove && isOneself ? <SmallButton isGrave label={t("leave")} onClick={onLeave} /> : null}
      {data.viewerMayRemove && !isOneself ? (
        <SmallButton isGrave label={t("remove")} name={t("removeNamed", { name })} onClick={onRemove} />
      ) : null}
    </Group>
  );
}
