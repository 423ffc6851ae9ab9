import { Group, Stack, Text, Title } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconCreditCard } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslations } from "use-intl";
import { FailurePanel } from "../../components/failure-panel.tsx";
import { ListSkeleton } from "../../components/list-skeleton.tsx";
import { Notice } from "../../components/notice.tsx";
import { PageHeading } from "../../components/page-heading.tsx";
import { StaleNotice } from "../../components/stale-notice.tsx";
import { StatePanel } from "../../components/state-panel.tsx";
import type { BillingPageQuery } from "../../generated/graphql.ts";
import { mayIn, useCurrentTeam, type CurrentTeam } from "../../session/current-team.ts";
import { useDocumentTitle } from "../../session/use-document-title.ts";
import { LimitMeters } from "./limit-meters.tsx";
import { PlanSummary } from "./plan-summary.tsx";
import { PlansCards, PlansTable } from "./plans-table.tsx";
import { useBilling } from "./use-billing.ts";

export function BillingPage() {
  const t = useTranslations("billing");
  useDocumentTitle(t("title"));
  const team = useCurrentTeam();
  // Without a team the shell shows its own state instead of any page.
  return team === null ? null : <TeamBilling team={team} />;
}

function TeamBilling({ team }: { readonly team: CurrentTeam }) {
  const t = useTranslations("billing");
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <Stack gap="lg">
      <Group>
        <PageHeading title={t("title")} intro={t("intro", { team: team.name })} headingRef={heading} />
      </Group>
      {mayIn(team, "billing:read") ? <BillingContent team={team} /> : <NotForYou team={team} />}
    </Stack>
  );
}

function BillingContent({ team }: { readonly team: CurrentTeam }) {
  const t = useTranslations("billing");
  const { billing, failure, refetch } = useBilling(team.id);
  if (billing === undefined) {
    if (failure === null || failure === "unauthenticated") return <ListSkeleton label={t("loading")} />;
    return <FailurePanel failure={failure} onRetry={() => void refetch()} />;
  }
  return (
    <>
      {failure === null ? null : <StaleNotice failure={failure} />}
      <Billing billing={billing} />
    </>
  );
}

function Billing({ billing: { subscription, usage, plans } }: { readonly billing: BillingPageQuery }) {
  const t = useTranslations("billing");
  const isNarrow = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  if (subscription === null) {
    return (
      <StatePanel icon={<IconCreditCard size={24} />} title={t("noneTitle")}>
        {t("noneBody")}
      </StatePanel>
    );
  }
  const Plans = isNarrow ? PlansCards : PlansTable;
  return (
    <>
      {subscription.isUsable ? null : (
        <Notice tone="negative" role="status" title={t("canceledTitle")}>
          {t("canceledBody")}
        </Notice>
      )}
      <PlanSummary subscription={subscription} />
      {usage === null ? null : (
        <Stack component="section" gap="sm" aria-labelledby="billing-use">
          <Title order={2} size="h4" id="billing-use">
            {t("use")}
          </Title>
          <LimitMeters usage={usage} />
        </Stack>
      )}
      <Stack component="section" gap="sm" aria-labelledby="billing-plans">
        <Title order={2} size="h4" id="billing-plans">
          {t("plans")}
        </Title>
        <Plans plans={plans} current={subscription.plan.name} />
        <Text size="sm" c="dimmed">
          {t("plansNote")}
        </Text>
      </Stack>
    </>
  );
}

function NotForYou({ team }: { readonly team: CurrentTeam }) {
  const t = useTranslations("billing");
  const tRoles = useTranslations("roles");
  return (
    <StatePanel icon={<IconCreditCard size={24} />} title={t("notForYouTitle")}>
      {t("notForYouBody", { team: team.name, role: tRoles(team.role) })}
    </StatePanel>
  );
}
