import { Button, Stack, Text } from "@mantine/core";
import { IconArrowsExchange } from "@tabler/icons-react";
import { useFormatter, useTranslations } from "use-intl";
import { FailurePanel } from "../../components/failure-panel.tsx";
import { ListSkeleton } from "../../components/list-skeleton.tsx";
import { StaleNotice } from "../../components/stale-notice.tsx";
import { StatePanel } from "../../components/state-panel.tsx";
import type { CurrentTeam } from "../../session/current-team.ts";
import type { AuditLogSearch, AuditLogSearchChange } from "./audit-log-search.ts";
import classes from "./audit-log.module.css";
import { CallItem } from "./call-item.tsx";
import { areCallsNarrowed, callsAddressOf } from "./calls-search.ts";
import { CallsToolbar } from "./calls-toolbar.tsx";
import { ExportButtons } from "./export-buttons.tsx";
import { useCalls, type CallsResult } from "./use-calls.ts";

interface CallsTabProps {
  readonly team: CurrentTeam;
  readonly search: AuditLogSearch;
  readonly onSearch: AuditLogSearchChange;
  readonly onClear: () => void;
}

/** What the team's keys, or people, did, call by call. */
export function CallsTab({ team, search, onSearch, onClear }: CallsTabProps) {
  const t = useTranslations("auditLog");
  const list = useCalls(team.id, search);
  return (
    <Stack gap="md">
      <CallsToolbar teamId={team.id} search={search} onChange={onSearch} />
      <div className={classes.under}>
        <ExportButtons address={callsAddressOf(search)} filename="activity" />
        {areCallsNarrowed(search) ? (
          <Button variant="default" size="compact-sm" onClick={onClear}>
            {t("clear")}
          </Button>
        ) : null}
      </div>
      {list.activity !== null && list.failure !== null ? <StaleNotice failure={list.failure} /> : null}
      <CallsList team={team} list={list} search={search} onSearch={onSearch} onClear={onClear} />
    </Stack>
  );
}

function CallsList({ team, list, search, onSearch, onClear }: CallsTabProps & { readonly list: CallsResult }) {
  const t = useTranslations("calls");
  const { activity } = list;
  if (activity === null) {
    if (list.failure === null || list.failure === "unauthenticated") return <ListSkeleton label={t("loading")} />;
    return <FailurePanel failure={list.failure} onRetry={() => void list.refetch()} />;
  }
  if (activity.nodes.length === 0 && activity.searchedUntil === null)
    return <NoCalls isFiltered={areCallsNarrowed(search)} onClear={onClear} />;
  return (
    <Stack gap="md" align="flex-start">
      {activity.nodes.length === 0 ? null : (
        <ul
          className={classes.events}
          aria-label={t("list", { team: team.name })}
          aria-busy={list.isUpdating}
          style={{ width: "100%" }}
        >
          {activity.nodes.map((call) => (
            <CallItem key={call.requestId} call={call} onSearch={onSearch} />
          ))}
        </ul>
      )}
      <More list={list} activity={activity} />
    </Stack>
  );
}

interface MoreProps {
  readonly list: CallsResult;
  readonly activity: NonNullable<CallsResult["activity"]>;
}

/** A search through very many calls stops after a while, and goes on when it is told to. */
function More({ list, activity: { pageInfo, searchedUntil } }: MoreProps) {
  const t = useTranslations("calls");
  const tLog = useTranslations("auditLog");
  const format = useFormatter();
  if (!pageInfo.hasNextPage) {
    return (
      <Text size="sm" c="dimmed">
        {tLog("end")}
      </Text>
    );
  }
  return (
    <Stack gap="xs" align="flex-start">
      {searchedUntil === null ? null : (
        <Text size="sm" c="dimmed" role="status">
          {t("searchedUntil", {
            time: format.dateTime(new Date(searchedUntil), { dateStyle: "medium", timeStyle: "short" }),
          })}
        </Text>
      )}
      <Button variant="default" loading={list.isLoadingMore} onClick={list.loadMore}>
        {searchedUntil === null ? tLog("loadMore") : t("searchOn")}
      </Button>
    </Stack>
  );
}

function NoCalls({ isFiltered, onClear }: { readonly isFiltered: boolean; readonly onClear: () => void }) {
  const t = useTranslations("calls");
  const tLog = useTranslations("auditLog");
  return (
    <StatePanel
      icon={<IconArrowsExchange size={24} />}
      title={t(isFiltered ? "notFoundTitle" : "emptyTitle")}
      action={
        isFiltered ? (
          <Button variant="default" onClick={onClear}>
            {tLog("clear")}
          </Button>
        ) : null
      }
    >
      {t(isFiltered ? "notFound" : "empty")}
    </StatePanel>
  );
}
