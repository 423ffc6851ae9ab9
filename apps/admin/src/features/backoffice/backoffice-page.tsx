import { Group, Stack, Tabs } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslations } from "use-intl";
import { PageHeading } from "../../components/page-heading.tsx";
import { useDocumentTitle } from "../../session/use-document-title.ts";
import { BACKOFFICE_TABS } from "./backoffice-search.ts";
import { PeopleTab } from "./people-tab.tsx";
import { TeamsTab } from "./teams-tab.tsx";

const route = getRouteApi("/signed-in/backoffice");

/** For super admins; the frame around it shows everybody else that there is no such page. */
export function BackofficePage() {
  const t = useTranslations("backoffice");
  useDocumentTitle(t("title"));
  const heading = useRef<HTMLHeadingElement>(null);
  const { tab = "teams" } = route.useSearch();
  const navigate = route.useNavigate();
  const show = (next: string | null) => void navigate({ search: next === "people" ? { tab: "people" } : {} });
  return (
    <Stack gap="lg">
      <Group>
        <PageHeading title={t("title")} intro={t("intro")} headingRef={heading} />
      </Group>
      <Tabs value={tab} onChange={show} keepMounted={false}>
        <Tabs.List aria-label={t("lists")}>
          {BACKOFFICE_TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(name)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="teams" pt="lg">
          <TeamsTab heading={heading} />
        </Tabs.Panel>
        <Tabs.Panel value="people" pt="lg">
          <PeopleTab heading={heading} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
