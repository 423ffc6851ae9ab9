import { Group, Stack, Tabs } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useRef } from "react";
import { useTranslations } from "use-intl";
import { PageHeading } from "../../components/page-heading.tsx";
import { StatePanel } from "../../components/state-panel.tsx";
import { mayIn, useCurrentTeam, type CurrentTeam } from "../../session/current-team.ts";
import { useDocumentTitle } from "../../session/use-document-title.ts";
import { sharedSearchOf, type AuditLogSearch, type AuditLogSearchChange } from "./audit-log-search.ts";
import { CallsTab } from "./calls-tab.tsx";
import { EventsTab } from "./events-tab.tsx";

const route = getRouteApi("/signed-in/settings/team/audit-log");

export function AuditLogPage() {
  const t = useTranslations("auditLog");
  useDocumentTitle(t("title"));
  const team = useCurrentTeam();
  // Without a team the shell shows its own state instead of any page.
  return team === null ? null : <TeamAuditLog team={team} />;
}

function TeamAuditLog({ team }: { readonly team: CurrentTeam }) {
  const t = useTranslations("auditLog");
  const heading = useRef<HTMLHeadingElement>(null);
  const search = route.useSearch();
  const { change, clear, show } = useSearchChange();
  return (
    <Stack gap="lg">
      <Group>
        <PageHeading title={t("title")} intro={t("intro", { team: team.name })} headingRef={heading} />
      </Group>
      {mayIn(team, "audit_log:read") ? (
        <Tabs value={search.tab ?? "events"} onChange={show} keepMounted={false}>
          <Tabs.List aria-label={t("tabs")}>
            <Tabs.Tab value="events">{t("events")}</Tabs.Tab>
            <Tabs.Tab value="calls">{t("calls")}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="events" pt="lg">
            <EventsTab team={team} search={search} onSearch={change} onClear={clear} />
          </Tabs.Panel>
          <Tabs.Panel value="calls" pt="lg">
            <CallsTab team={team} search={search} onSearch={change} onClear={clear} />
          </Tabs.Panel>
        </Tabs>
      ) : (
        <NotForYou team={team} />
      )}
    </Stack>
  );
}

function NotForYou({ team }: { readonly team: CurrentTeam }) {
  const t = useTranslations("auditLog");
  const tRoles = useTranslations("roles");
  return (
    <StatePanel icon={<IconHistory size={24} />} title={t("notForYouTitle")}>
      {t("notForYouBody", { team: team.name, role: tRoles(team.role) })}
    </StatePanel>
  );
}

interface SearchChange {
  readonly change: AuditLogSearchChange;
  /** Takes all filters of the list on show away. */
  readonly clear: () => void;
  readonly show: (tab: string | null) => void;
}

/** Changes the address; one entry in the history for a search, not one per letter. */
function useSearchChange(): SearchChange {
  const navigate = route.useNavigate();
  const { q: shown } = route.useSearch();
  const change: AuditLogSearchChange = useCallback(
    (changed) =>
      void navigate({
        search: (before: AuditLogSearch) => ({ ...before, ...changed }) as AuditLogSearch,
        replace: changed.q !== undefined && shown !== undefined,
        resetScroll: false,
      }),
    [navigate, shown],
  );
  const to = (search: (before: AuditLogSearch) => AuditLogSearch) => void navigate({ search, resetScroll: false });
  return {
    change,
    clear: () => to(({ tab }) => (tab === undefined ? {} : { tab })),
    show: (tab) => to((before) => ({ ...sharedSearchOf(before), ...(tab === "calls" ? { tab } : {}) })),
  };
}
