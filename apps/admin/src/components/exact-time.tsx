import { useFormatter } from "use-intl";
import classes from "./exact-time.module.css";
import { Hint } from "./hint.tsx";

interface ExactTimeProps {
  /** ISO 8601, as the server sends it. */
  readonly instant: string;
  /** What stands on the page, such as “3 days ago”. */
  readonly children: string;
  /** Wraps the exact time for the tooltip; by default it stands alone. */
  readonly hint?: (exact: string) => string;
}

/** Short on the page, exact to the second and in the viewer's own zone on hover, focus and touch. */
export function ExactTime({ instant, children, hint = (exact) => exact }: ExactTimeProps) {
  const exact = useExactTime()(instant);
  return (
    <Hint label={hint(exact)}>
      {/* In the tab order, so that the exact time is within a keyboard's reach. */}
      <time dateTime={instant} className={classes.time} tabIndex={0}>
        {children}
      </time>
    </Hint>
  );
}

export function useExactTime(): (instant: string) => string {
  const format = useFormatter();
  return (instant) =>
    format.dateTime(new Date(instant), {
      year: "numeric",
      month: "short",
      day: "numeric",
      hour: "numeric",
      minute: "2-digit",
      second: "2-digit",
      timeZoneName: "short",
    });
}
