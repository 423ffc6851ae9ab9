import { useFormatter } from "use-intl";
import type { UsageRange } from "../../../generated/graphql.ts";
import { BUCKET_MS } from "./usage-buckets.ts";

/** When a bucket was, where the viewer is: a day of UTC is a day only to those who live by it. */
export function useBucketLabel(range: UsageRange) {
  const format = useFormatter();
  const isHourly = range === "LAST_24_HOURS";
  const timeOf = (instant: Date) => format.dateTime(instant, { hour: "2-digit", minute: "2-digit" });
  const isOwnDay = (start: Date) => !isHourly && start.getHours() === 0 && start.getMinutes() === 0;
  const dayOf = (instant: Date) => format.dateTime(instant, { day: "numeric", month: "short" });
  return {
    /** Under the chart. */
    short: (start: string) => (isHourly ? timeOf : dayOf)(new Date(start)),
    /** In the table, and of the bar that is pointed at. */
    whole: (start: string) => {
      const from = new Date(start);
      if (isOwnDay(from)) return format.dateTime(from, { weekday: "short", day: "numeric", month: "short" });
      const to = new Date(from.getTime() + BUCKET_MS[range]);
      return format.dateTimeRange(from, to, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    },
    /** When a day of UTC begins where the viewer is. Null where there is nothing to say: hours, or it is midnight. */
    dayStart: (start: string) => (isHourly || isOwnDay(new Date(start)) ? null : timeOf(new Date(start))),
  };
}
