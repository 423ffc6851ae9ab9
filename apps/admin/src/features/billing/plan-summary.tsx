import { Text } from "@mantine/core";
import { useFormatter, useTranslations } from "use-intl";
import { ExactTime } from "../../components/exact-time.tsx";
import { StatusBadge } from "../../components/status-badge.tsx";
import type { SubscriptionStatus } from "../../generated/graphql.ts";
import classes from "./billing.module.css";
import { SupportLink } from "./support-link.tsx";
import type { Subscription } from "./use-billing.ts";

const TONES = {
  TRIALING: "neutral",
  ACTIVE: "positive",
  PAST_DUE: "warning",
  CANCELED: "negative",
} as const satisfies Record<SubscriptionStatus, string>;

/** The plan, what has become of the subscription and what that means, and where to ask for another. */
export function PlanSummary({ subscription }: { readonly subscription: Subscription }) {
  const t = useTranslations("billing");
  const tPlans = useTranslations("plans");
  const tStatus = useTranslations("subscriptionStatus");
  const format = useFormatter();
  const { plan, status, requestsPerMinute, supportUrl } = subscription;
  return (
    <section className={classes.panel} aria-label={t("plan")}>
      <div className={classes.headline}>
        <h2 className={classes.current}>{t("planName", { plan: tPlans(plan.name) })}</h2>
        <StatusBadge tone={TONES[status]}>{tStatus(status)}</StatusBadge>
      </div>
      <Text size="sm">{tStatus(`${status}Help`)}</Text>
      <dl className={classes.facts}>
        <div>
          <dt>{t("period")}</dt>
          <dd>
            <Period subscription={subscription} />
          </dd>
        </div>
        <div>
          <dt>{t("rate")}</dt>
          <dd>{t("rateValue", { rate: format.number(requestsPerMinute) })}</dd>
        </div>
      </dl>
      <SupportLink supportUrl={supportUrl} isRenewal={!subscription.isUsable} />
    </section>
  );
}

function Period({ subscription: { currentPeriodStart, currentPeriodEnd } }: { readonly subscription: Subscription }) {
  const t = useTranslations("billing");
  const format = useFormatter();
  const day = (instant: string) => format.dateTime(new Date(instant), { dateStyle: "medium" });
  if (currentPeriodEnd === null) {
    return <ExactTime instant={currentPeriodStart}>{t("periodSince", { start: day(currentPeriodStart) })}</ExactTime>;
  }
  return (
    <>
      <ExactTime instant={currentPeriodStart}>{day(currentPeriodStart)}</ExactTime>
      {" – "}
      <ExactTime instant={currentPeriodEnd}>{day(currentPeriodEnd)}</ExactTime>
    </>
  );
}
