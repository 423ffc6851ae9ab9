import type { ReactNode } from "react";
import classes from "./meter.module.css";

interface MeterProps {
  readonly label: string;
  /** The same in words, such as “9 of 10”: on the page and for a screen reader. */
  readonly text: string;
  /** From 0 to 1; null where there is nothing to measure against. */
  readonly share: number | null;
  readonly tone: "neutral" | "warning" | "negative";
  /** What follows from it. */
  readonly children?: ReactNode;
}

/** How much of something limited is used; the colour only repeats what the words say. */
export function Meter({ label, text, share, tone, children }: MeterProps) {
  return (
    <div className={classes.meter} data-tone={tone}>
      <div className={classes.line}>
        <span className={classes.label}>{label}</span>
        <span className={classes.text}>{text}</span>
      </div>
      {share === null ? null : (
        <div
          className={classes.track}
          role="meter"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(Math.min(share, 1) * 100)}
          aria-valuetext={text}
        >
          <div className={classes.bar} style={{ width: `${Math.min(share, 1) * 100}%` }} />
        </div>
      )}
      {children === undefined ? null : <div className={classes.note}>{children}</div>}
    </div>
  );
}
