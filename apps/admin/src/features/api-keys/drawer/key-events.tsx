import { Anchor, Stack, Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useFormatter, useTranslations } from "use-intl";
import { EventSentence } from "../../../components/event-sentence.tsx";
import { ExactTime } from "../../../components/exact-time.tsx";
import { FailurePanel } from "../../../components/failure-panel.tsx";
import { ListSkeleton } from "../../../components/list-skeleton.tsx";
import { StatePanel } from "../../../components/state-panel.tsx";
import { KeyEventsDocument } from "../../../generated/graphql.ts";
import { mayIn, type CurrentTeam } from "../../../session/current-team.ts";
import classes from "./key-drawer.module.css";
import { useFollowedQuery } from "./use-followed-query.ts";

/** The log's own page has the rest, and the details. */
const SHOWN_EVENTS = 20;

interface KeyEventsProps {
  readonly keyId: string;
  readonly team: CurrentTeam;
}

/** What was done to the key, and with it. */
export function KeyEvents({ keyId, team }: KeyEventsProps) {
  const t = useTranslations("keyEvents");
  const tRoles = useTranslations("roles");
  if (!mayIn(team, "audit_log:read")) {
    return (
      <StatePanel icon={<IconHistory size={24} />} title={t("notForYouTitle")}>
        {t("notForYou", { team: team.name, role: tRoles(team.role) })}
      </StatePanel>
    );
  }
  return <EventsOfKey keyId={keyId} teamId={team.id} />;
}

function EventsOfKey({ keyId, teamId }: { readonly keyId: string; readonly teamId: string }) {
  const t = useTranslations("keyEvents");
  const { data, failure, refetch } = useFollowedQuery(KeyEventsDocument, { id: keyId, teamId, first: SHOWN_EVENTS });
  const log = data?.auditLog ?? null;
  if (log === null) {
    if (failure === null || failure === "unauthenticated") return <ListSkeleton label={t("loading")} />;
    return <FailurePanel failure={failure} onRetry={refetch} />;
  }
  return (
    <Stack gap="sm">
      {log.nodes.length === 0 ? (
        <StatePanel icon={<IconHistory size={24} />} title={t("none")} />
      ) : (
        <ul className={classes.events} aria-label={t("list")}>
          {log.nodes.map((event) => (
            <li key={event.id} className={classes.event}>
              <span className={classes.sentence}>
                <EventSentence event={event} />
              </span>
              <span className={classes.time}>
                <EventTime at={event.at} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <Text size="sm" c="dimmed">
        {log.pageInfo.hasNextPage ? `${t("newest", { count: log.nodes.length })} ` : null}
        <Anchor
          renderRoot={(props) => <Link {...props} to="/settings/team/audit-log" search={{ key: keyId }} />}
          inherit
        >
          {t("inLog")}
        </Anchor>
      </Text>
    </Stack>
  );
}

function EventTime({ at }: { readonly at: string }) {
  const format = useFormatter();
  return (
    <ExactTime instant={at}>{format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "short" })}</ExactTime>
  );
}
