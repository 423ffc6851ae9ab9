import type { ReactNode } from "react";
import classes from "./status-badge.module.css";

interface StatusBadgeProps {
  readonly tone: "positive" | "neutral" | "warning" | "negative";
  readonly children: ReactNode;
}

/** A word about a state; the colour only repeats what the word says. */
export function StatusBadge({ tone, children }: StatusBadgeProps) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  );
}
