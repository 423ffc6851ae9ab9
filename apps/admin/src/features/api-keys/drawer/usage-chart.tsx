import { useState, type PointerEvent } from "react";
import { useFormatter, useTranslations } from "use-intl";
import type { UsageRange } from "../../../generated/graphql.ts";
import { scaleEnd, totalOf, type Bucket } from "./usage-buckets.ts";
import classes from "./usage-chart.module.css";
import { Bars } from "./usage-bars.tsx";
import { useBucketLabel } from "./use-bucket-label.ts";

interface UsageChartProps {
  readonly buckets: readonly Bucket[];
  readonly range: UsageRange;
}

/** Bars over time. What it shows in pictures, its name says in a sentence, and the table behind it in numbers. */
export function UsageChart({ buckets, range }: UsageChartProps) {
  const t = useTranslations("keyUsage");
  const format = useFormatter();
  const label = useBucketLabel(range);
  const [pointed, setPointed] = useState<number | null>(null);
  const end = scaleEnd(buckets);
  const total = t("total", { ...totalOf(buckets), range: t(range) });
  const shown = pointed === null ? undefined : buckets[pointed];
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const index = Math.floor(((event.clientX - left) / width) * buckets.length);
    setPointed(Math.min(Math.max(index, 0), buckets.length - 1));
  };
  return (
    <figure className={classes.figure}>
      <div className={classes.plot}>
        <div className={classes.scale} aria-hidden="true">
          <span>{format.number(end)}</span>
          <span>0</span>
        </div>
        <svg
          className={classes.bars}
          viewBox={`0 0 ${buckets.length} 1`}
          preserveAspectRatio="none"
          role="img"
          aria-label={total}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => setPointed(null)}
        >
          {pointed === null ? null : <rect className={classes.pointed} x={pointed} y={0} width={1} height={1} />}
          <Bars buckets={buckets} end={end} />
        </svg>
        <div className={classes.labels} aria-hidden="true">
          {[0, Math.floor((buckets.length - 1) / 2), buckets.length - 1].map((index) => (
            <span key={index}>{label.short(buckets[index]?.start ?? "")}</span>
          ))}
        </div>
      </div>
      <figcaption className={classes.caption}>
        <div>{shown === undefined ? total : `${label.whole(shown.start)}: ${t("bucket", totalOf([shown]))}`}</div>
        <div className={classes.legend}>
          <span className={classes.passed}>{t("passed")}</span>
          <span className={classes.refused}>{t("refused")}</span>
        </div>
      </figcaption>
    </figure>
  );
}
