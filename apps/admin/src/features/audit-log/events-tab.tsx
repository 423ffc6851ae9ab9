import { Button, Stack, Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { FailurePanel } from "../../components/failure-panel.tsx";
import { ListSkeleton } from "../../components/list-skeleton.tsx";
import { StaleNotice } from "../../components/stale-notice.tsx";
import { StatePanel } from "../../components/state-panel.tsx";
import type { CurrentTeam } from "../../session/current-team.ts";
import { AuditEventItem } from "./audit-event-item.tsx";
import { AuditLogToolbar } from "./audit-log-toolbar.tsx";
import { exportAddressOf, isNarrowed, type AuditLogSearch, type AuditLogSearchChange } from "./audit-log-search.ts";
import classes from "./audit-log.module.css";
import { ExportButtons } from "./export-buttons.tsx";
import { useAuditEvents, type AuditEventsResult } from "./use-audit-events.ts";

interface EventsTabProps {
  readonly team: CurrentTeam;
  readonly search: AuditLogSearch;
  readonly onSearch: AuditLogSearchChange;
  readonly onClear: () => void;
}

/** What was changed in the team, by whom. */
export function EventsTab({ team, search, onSearch, onClear }: EventsTabProps) {
  const t = useTranslations("auditLog");
  const list = useAuditEvents(team.id, search);
  return (
    <Stack gap="md">
      <AuditLogToolbar teamId={team.id} search={search} onChange={onSearch} />
      <div className={classes.under}>
        <ExportButtons address={exportAddressOf(search)} filename="audit-log" />
        {isNarrowed(search) ? (
          <Button variant="default" size="compact-sm" onClick={onClear}>
            {t("clear")}
          </Button>
        ) : null}
      </div>
      {list.log !== null && list.failure !== null ? <StaleNotice failure={list.failure} /> : null}
      <EventsList team={team} list={list} search={search} onSearch={onSearch} onClear={onClear} />
    </Stack>
  );
}

function EventsList({ team, list, search, onSearch, onClear }: EventsTabProps & { readonly list: AuditEventsResult }) {
  const t = useTranslations("auditLog");
  const { log } = list;
  if (log === null) {
    if (list.failure === null || list.failure === "unauthenticated") return <ListSkeleton label={t("loading")} />;
    return <FailurePanel failure={list.failure} onRetry={() => void list.refetch()} />;
  }
  if (log.nodes.length === 0) return <NoEvents isFiltered={isNarrowed(search)} onClear={onClear} />;
  return (
    <Stack gap="md" align="flex-start">
      <ul
        className={classes.events}
        aria-label={t("list", { team: team.name })}
        aria-busy={list.isUpdating}
        style={{ width: "100%" }}
      >
        {log.nodes.map((event) => (
          <AuditEventItem key={event.id} event={event} onSearch={onSearch} />
        ))}
      </ul>
      {log.pageInfo.hasNextPage ? (
        <Button variant="default" loading={list.isLoadingMore} onClick={list.loadMore}>
          {t("loadMore")}
        </Button>
      ) : (
        <Text size="sm" c="dimmed">
          {t("end")}
        </Text>
      )}
    </Stack>
  );
}

function NoEvents({ isFiltered, onClear }: { readonly isFiltered: boolean; readonly onClear: () => void }) {
  const t = useTranslations("auditLog");
  if (!isFiltered) {
    return (
      <StatePanel icon={<IconHistory size={24} />} title={t("emptyTitle")}>
        {t("empty")}
      </StatePanel>
    );
  }
  return (
    <StatePanel
      icon={<IconHistory size={24} />}
      title={t("notFoundTitle")}
      action={
        <Button variant="default" onClick={onClear}>
          {t("clear")}
        </Button>
      }
    >
      {t("notFound")}
    </StatePanel>
  );
}
