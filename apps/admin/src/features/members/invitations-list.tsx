import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Group, Stack, Text, Title } from "@mantine/core";
import { useFormatter, useNow, useTranslations } from "use-intl";
import cardClasses from "../../components/card.module.css";
import { ExactTime } from "../../components/exact-time.tsx";
import listClasses from "../../components/list.module.css";
import { SmallButton } from "../../components/small-button.tsx";
import {
  InvitationItem_InvitationFragmentDoc,
  type CancelDialog_InvitationFragment,
  type InvitationItem_InvitationFragment,
} from "../../generated/graphql.ts";
import { mayIn, type CurrentTeam } from "../../session/current-team.ts";

export type ListedInvitation = { readonly id: string } & FragmentType<InvitationItem_InvitationFragment> &
  FragmentType<CancelDialog_InvitationFragment>;

interface InvitationsListProps {
  readonly team: CurrentTeam;
  readonly invitations: readonly ListedInvitation[];
  readonly onCancel: (invitation: ListedInvitation) => void;
}

/** Invitations that can still be accepted; their links were shown once. */
export function InvitationsList({ team, invitations, onCancel }: InvitationsListProps) {
  const t = useTranslations("invitations");
  return (
    <Stack component="section" gap="sm" aria-label={t("title")}>
      <Title order={2} size="h4">
        {t("title")}
      </Title>
      {invitations.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("none")}
        </Text>
      ) : (
        <ul className={listClasses.cards} aria-label={t("list", { team: team.name })}>
          {invitations.map((invitation) => (
            <InvitationItem
              key={invitation.id}
              invitation={invitation}
              onCancel={mayIn(team, "members:manage") ? () => onCancel(invitation) : null}
            />
          ))}
        </ul>
      )}
    </Stack>
  );
}

interface InvitationItemProps {
  readonly invitation: FragmentType<InvitationItem_InvitationFragment>;
  /** Null for those who may not. */
  readonly onCancel: (() => void) | null;
}

function InvitationItem({ invitation, onCancel }: InvitationItemProps) {
  const t = useTranslations("invitations");
  const tRoles = useTranslations("roles");
  const format = useFormatter();
  const now = useNow({ updateInterval: 10_000 });
  const { data, complete } = useFragment({
    fragment: InvitationItem_InvitationFragmentDoc,
    fragmentName: "InvitationItem_invitation",
    from: invitation,
  });
  if (!complete) return null;
  return (
    <li className={cardClasses.card}>
      <Group justify="space-between" gap="xs">
        <div className={cardClasses.name}>
          <Text size="sm" fw={600}>
            {data.email}
          </Text>
          <Text size="sm" c="dimmed" component="div">
            {tRoles(data.role)}
            {" · "}
            {t("expires")}{" "}
            <ExactTime instant={data.expiresAt}>{format.relativeTime(new Date(data.expiresAt), now)}</ExactTime>
          </Text>
        </div>
        {onCancel === null ? null : (
          <SmallButton label={t("cancel")} name={t("cancelNamed", { email: data.email })} isGrave onClick={onCancel} />
        )}
      </Group>
    </li>
  );
}
