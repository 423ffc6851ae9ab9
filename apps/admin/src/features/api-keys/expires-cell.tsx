import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Text } from "@mantine/core";
import { useFormatter, useNow, useTranslations } from "use-intl";
import { ExactTime } from "../../components/exact-time.tsx";
import { StatusBadge } from "../../components/status-badge.tsx";
import { ExpiresCell_ApiKeyFragmentDoc, type ExpiresCell_ApiKeyFragment } from "../../generated/graphql.ts";
import classes from "./cells.module.css";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Within two months “in 9 days” helps more than “in 1 week”. */
function isCountedInDays(instant: Date, now: Date): boolean {
  const distance = Math.abs(instant.getTime() - now.getTime());
  return distance >= DAY_MS && distance < 60 * DAY_MS;
}

export function ExpiresCell({ apiKey }: { readonly apiKey: FragmentType<ExpiresCell_ApiKeyFragment> }) {
  const t = useTranslations("apiKeysTable");
  const format = useFormatter();
  const now = useNow({ updateInterval: 10_000 });
  const { data, complete } = useFragment({
    fragment: ExpiresCell_ApiKeyFragmentDoc,
    fragmentName: "ExpiresCell_apiKey",
    from: apiKey,
  });
  if (!complete) return null;
  if (data.expiresAt === null) return <Text size="sm">{t("never")}</Text>;
  const expiresAt = new Date(data.expiresAt);
  const relative = format.relativeTime(expiresAt, isCountedInDays(expiresAt, now) ? { now, unit: "day" } : { now });
  return (
    <>
      <ExactTime instant={data.expiresAt}>{format.dateTime(expiresAt, { dateStyle: "medium" })}</ExactTime>
      {data.status === "REVOKED" ? null : (
        <Text size="xs" c="dimmed">
          {data.status === "EXPIRED" ? t("expired", { when: relative }) : relative}
        </Text>
      )}
      {data.expiresSoon ? (
        <div className={classes.badge}>
          <StatusBadge tone="warning">{t("expiresSoon")}</StatusBadge>
        </div>
      ) : null}
    </>
  );
}
