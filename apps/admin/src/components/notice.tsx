import { IconAlertTriangle, IconCircleX, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./notice.module.css";

interface NoticeProps {
  readonly tone: "info" | "warning" | "negative";
  /** `alert` interrupts a screen reader, `status` waits for its turn. */
  readonly role: "alert" | "status";
  readonly title?: string;
  readonly children: ReactNode;
}

const ICONS = { info: IconInfoCircle, warning: IconAlertTriangle, negative: IconCircleX } as const;

/** A sentence that must not be missed, where it belongs on the page. */
export function Notice({ tone, role, title, children }: NoticeProps) {
  const Icon = ICONS[tone];
  return (
    <div className={classes.notice} data-tone={tone} role={role}>
      <Icon size={18} aria-hidden="true" className={classes.icon} />
      <div className={classes.content}>
        {title === undefined ? null : <p className={classes.title}>{title}</p>}
        {children}
      </div>
    </div>
  );
}
