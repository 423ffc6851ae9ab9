import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Group, Table, Text } from "@mantine/core";
import { useFormatter, useTranslations } from "use-intl";
import cardClasses from "../../components/card.module.css";
import { SmallButton } from "../../components/small-button.tsx";
import { StatusBadge } from "../../components/status-badge.tsx";
import {
  TeamItem_TeamFragmentDoc,
  type SubscriptionStatus,
  type TeamItem_TeamFragment,
} from "../../generated/graphql.ts";
import { useTeamEntry } from "../../session/team-entry.ts";
import classes from "./backoffice.module.css";

interface TeamItemProps {
  readonly team: FragmentType<TeamItem_TeamFragment>;
  readonly onEdit: () => void;
}

type Facts = NonNullable<TeamItem_TeamFragment["backoffice"]>;

export function TeamRow({ team, onEdit }: TeamItemProps) {
  const item = useTeamItem(team);
  const format = useFormatter();
  if (item === null) return null;
  const { facts } = item;
  return (
    <Table.Tr>
      <Table.Th scope="row" maw={300}>
        <TeamName {...item} />
      </Table.Th>
      <Table.Td>
        <Plan {...facts} />
      </Table.Td>
      <Table.Td>
        <Status {...facts} />
      </Table.Td>
      <Table.Td>
        <Rate {...facts} />
      </Table.Td>
      <Table.Td>{format.number(facts.members)}</Table.Td>
      <Table.Td>
        <Keys {...facts} />
      </Table.Td>
      <Table.Td>
        <Actions {...item} onEdit={onEdit} />
      </Table.Td>
    </Table.Tr>
  );
}

/** A row of the list where the window is too narrow for a table. */
export function TeamCard({ team, onEdit }: TeamItemProps) {
  const t = useTranslations("backofficeTeams");
  const format = useFormatter();
  const item = useTeamItem(team);
  if (item === null) return null;
  const { facts } = item;
  return (
    <li className={cardClasses.card}>
      <TeamName {...item} />
      <dl className={`${cardClasses.facts} ${classes.facts}`}>
        <dt>{t("plan")}</dt>
        <dd>
          <Plan {...facts} />
        </dd>
        <dt>{t("status")}</dt>
        <dd>
          <Status {...facts} />
        </dd>
        <dt>{t("rate")}</dt>
        <dd>
          <Rate {...facts} />
        </dd>
        <dt>{t("members")}</dt>
        <dd>{format.number(facts.members)}</dd>
        <dt>{t("keys")}</dt>
        <dd>
          <Keys {...facts} />
        </dd>
      </dl>
      <Actions {...item} onEdit={onEdit} />
    </li>
  );
}

function useTeamItem(team: FragmentType<TeamItem_TeamFragment>) {
  const { data, complete } = useFragment({
    fragment: TeamItem_TeamFragmentDoc,
    fragmentName: "TeamItem_team",
    from: team,
  });
  if (!complete || data.backoffice === null) return null;
  return { id: data.id, name: data.name, slug: data.slug, facts: data.backoffice };
}

function TeamName({ name, slug }: { readonly name: string; readonly slug: string }) {
  return (
    <>
      <div className={cardClasses.name}>{name}</div>
      <Text size="xs" c="dimmed" fw={400} className={classes.quiet}>
        {slug}
      </Text>
    </>
  );
}

function Plan({ plan }: Facts) {
  const t = useTranslations("backofficeTeams");
  const tPlans = useTranslations("plans");
  return plan === null ? <>{t("noPlan")}</> : <>{tPlans(plan)}</>;
}

const TONES = {
  ACTIVE: "positive",
  TRIALING: "neutral",
  PAST_DUE: "warning",
  CANCELED: "negative",
} as const satisfies Record<SubscriptionStatus, string>;

function Status({ status }: Facts) {
  const tStatus = useTranslations("subscriptionStatus");
  return <StatusBadge tone={TONES[status]}>{tStatus(status)}</StatusBadge>;
}

function Rate({ requestsPerMinute, effectiveRequestsPerMinute }: Facts) {
  const t = useTranslations("backofficeTeams");
  const format = useFormatter();
  return (
    <>
      {format.number(effectiveRequestsPerMinute)}
      {requestsPerMinute === null ? null : (
        <Text span size="xs" c="dimmed" ml={6}>
          {t("override")}
        </Text>
      )}
    </>
  );
}

function Keys({ activeKeys, activeKeysLimit }: Facts) {
  const t = useTranslations("backofficeTeams");
  const format = useFormatter();
  if (activeKeysLimit === null) return <>{format.number(activeKeys)}</>;
  return <>{t("keysOf", { used: format.number(activeKeys), limit: format.number(activeKeysLimit) })}</>;
}

interface ActionsProps {
  readonly id: string;
  readonly name: string;
  readonly onEdit: () => void;
}

function Actions({ id, name, onEdit }: ActionsProps) {
  const t = useTranslations("backofficeTeams");
  const { switchTeam } = useTeamEntry();
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <SmallButton label={t("edit")} name={t("editNamed", { name })} onClick={onEdit} />
      <SmallButton label={t("enter")} name={t("enterNamed", { name })} onClick={() => switchTeam(id)} />
    </Group>
  );
}
