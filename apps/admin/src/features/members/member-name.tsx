import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { StatusBadge } from "../../components/status-badge.tsx";
import { MemberName_MemberFragmentDoc, type MemberName_MemberFragment } from "../../generated/graphql.ts";
import classes from "./members.module.css";

interface MemberNameProps {
  readonly member: FragmentType<MemberName_MemberFragment>;
  readonly viewerId: string;
}

export function MemberName({ member, viewerId }: MemberNameProps) {
  const t = useTranslations("members");
  const { data, complete } = useFragment({
    fragment: MemberName_MemberFragmentDoc,
    fragmentName: "MemberName_member",
    from: member,
  });
  if (!complete) return null;
  const { id, name, email } = data.user;
  return (
    <>
      <Text size="sm" fw={600} component="span" className={classes.name}>
        <bdi>{name}</bdi>
        {id === viewerId ? <StatusBadge tone="neutral">{t("you")}</StatusBadge> : null}
      </Text>
      <Text size="xs" c="dimmed" fw={400} className={classes.email}>
        {email}
      </Text>
    </>
  );
}
