import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { useTranslations } from "use-intl";
import { Hint } from "../../../components/hint.tsx";
import { UsageSparkline_ApiKeyFragmentDoc, type UsageSparkline_ApiKeyFragment } from "../../../generated/graphql.ts";
import { totalOf } from "./usage-buckets.ts";
import { Bars } from "./usage-bars.tsx";
import classes from "./usage-chart.module.css";

/** A key's last seven days at a glance, each key on a scale of its own; nothing where there was no call. */
export function UsageSparkline({ apiKey }: { readonly apiKey: FragmentType<UsageSparkline_ApiKeyFragment> }) {
  const t = useTranslations("keyUsage");
  const { data, complete } = useFragment({
    fragment: UsageSparkline_ApiKeyFragmentDoc,
    fragmentName: "UsageSparkline_apiKey",
    from: apiKey,
  });
  if (!complete) return null;
  const { usage } = data;
  const total = totalOf(usage);
  if (total.calls === 0) return null;
  const text = t("total", { ...total, range: t("LAST_7_DAYS") });
  return (
    <Hint label={text}>
      <svg
        className={classes.spark}
        viewBox={`0 0 ${usage.length} 1`}
        width={70}
        height={18}
        preserveAspectRatio="none"
        role="img"
        aria-label={text}
      >
        <Bars buckets={usage} end={Math.max(...usage.map(({ calls }) => calls))} />
      </svg>
    </Hint>
  );
}
