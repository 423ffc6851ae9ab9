import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Group, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useFormatter, useTranslations } from "use-intl";
import cardClasses from "../../components/card.module.css";
import { ExactTime } from "../../components/exact-time.tsx";
import { SmallButton } from "../../components/small-button.tsx";
import { StatusBadge } from "../../components/status-badge.tsx";
import { PersonItem_PersonFragmentDoc, type PersonItem_PersonFragment } from "../../generated/graphql.ts";
import classes from "./backoffice.module.css";

interface PersonItemProps {
  readonly person: FragmentType<PersonItem_PersonFragment>;
  readonly onBan: () => void;
}

export function PersonRow({ person, onBan }: PersonItemProps) {
  const data = usePersonItem(person);
  const format = useFormatter();
  if (data === null) return null;
  return (
    <Table.Tr>
      <Table.Th scope="row" maw={320}>
        <PersonName {...data} />
      </Table.Th>
      <Table.Td>
        <State {...data} />
      </Table.Td>
      <Table.Td>
        <Teams {...data} />
      </Table.Td>
      <Table.Td>{format.number(data.activeKeys)}</Table.Td>
      <Table.Td>
        <Actions {...data} onBan={onBan} />
      </Table.Td>
    </Table.Tr>
  );
}

/** A row of the list where the window is too narrow for a table. */
export function PersonCard({ person, onBan }: PersonItemProps) {
  const t = useTranslations("backofficePeople");
  const data = usePersonItem(person);
  const format = useFormatter();
  if (data === null) return null;
  return (
    <li className={cardClasses.card}>
      <PersonName {...data} />
      <dl className={`${cardClasses.facts} ${classes.facts}`}>
        <dt>{t("state")}</dt>
        <dd>
          <State {...data} />
        </dd>
        <dt>{t("teams")}</dt>
        <dd>
          <Teams {...data} />
        </dd>
        <dt>{t("keys")}</dt>
        <dd>{format.number(data.activeKeys)}</dd>
      </dl>
      <Actions {...data} onBan={onBan} />
    </li>
  );
}

function usePersonItem(person: FragmentType<PersonItem_PersonFragment>): PersonItem_PersonFragment | null {
  const { data, complete } = useFragment({
    fragment: PersonItem_PersonFragmentDoc,
    fragmentName: "PersonItem_person",
    from: person,
  });
  return complete ? data : null;
}

function PersonName({ name, email, isSuperAdmin, viewerMayBan }: PersonItem_PersonFragment) {
  const t = useTranslations("backofficePeople");
  return (
    <>
      <div className={`${cardClasses.name} ${classes.name}`}>
        {name}
        {viewerMayBan ? null : <StatusBadge tone="neutral">{t("you")}</StatusBadge>}
        {isSuperAdmin ? <StatusBadge tone="warning">{t("superAdmin")}</StatusBadge> : null}
      </div>
      <Text size="xs" c="dimmed" fw={400} className={classes.quiet}>
        {email}
      </Text>
    </>
  );
}

function State({ isBanned, bannedAt, banReason }: PersonItem_PersonFragment) {
  const t = useTranslations("backofficePeople");
  const format = useFormatter();
  if (!isBanned) return <StatusBadge tone="positive">{t("active")}</StatusBadge>;
  return (
    <>
      <StatusBadge tone="negative">{t("banned")}</StatusBadge>
      {bannedAt === null ? null : (
        <Text size="xs" c="dimmed" mt={4} component="div">
          <ExactTime instant={bannedAt}>
            {t("bannedSince", { date: format.dateTime(new Date(bannedAt), { dateStyle: "medium" }) })}
          </ExactTime>
        </Text>
      )}
      {banReason === null ? null : (
        <Text size="xs" c="dimmed" mt={2} maw={260} className={classes.quiet}>
          {banReason}
        </Text>
      )}
    </>
  );
}

/** Leads to the teams they are in. */
function Teams({ name, email, teams }: PersonItem_PersonFragment) {
  const t = useTranslations("backofficePeople");
  if (teams === 0) return <>{t("teamsOf", { count: 0 })}</>;
  return (
    <Link to="/backoffice" search={{ q: email }} className={classes.link} title={t("showTeams", { name })}>
      {t("teamsOf", { count: teams })}
    </Link>
  );
}

interface ActionsProps extends PersonItem_PersonFragment {
  readonly onBan: () => void;
}

function Actions({ name, isBanned, viewerMayBan, onBan }: ActionsProps) {
  const t = useTranslations("backofficePeople");
  if (!viewerMayBan) {
    return (
      <Text size="xs" c="dimmed" ta={{ base: "left", md: "right" }}>
        {t("yourself")}
      </Text>
    );
  }
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      {isBanned ? (
        <SmallButton label={t("unban")} name={t("unbanNamed", { name })} onClick={onBan} />
      ) : (
        <SmallButton isGrave label={t("ban")} name={t("banNamed", { name })} onClick={onBan} />
      )}
    </Group>
  );
}
