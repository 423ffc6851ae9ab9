import { useQuery } from "@apollo/client/react";
import { IconBell } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { NotificationBellDocument } from "../../generated/graphql.ts";
import { openDialogKind } from "../../session/open-dialogs.ts";
import { usePageFocus } from "../../session/use-page-focus.ts";
import classes from "./notification-bell.module.css";

const POLL_MS = 60_000;
/** More digits than fit. */
const MAX_SHOWN = 99;

interface NotificationBellProps {
  readonly count: number;
  readonly onNavigate: () => void;
}

/** The way to the notifications, with how many are unread. */
export function NotificationBell({ count, onNavigate }: NotificationBellProps) {
  const t = useTranslations("bell");
  return (
    <Link
      to="/notifications"
      search={{}}
      className={classes.bell}
      aria-label={t("label", { count })}
      onClick={onNavigate}
    >
      <IconBell size={20} stroke={1.75} aria-hidden="true" />
      {count === 0 ? null : (
        <span className={classes.count} aria-hidden="true">
          {count > MAX_SHOWN ? t("many") : count}
        </span>
      )}
    </Link>
  );
}

/**
 * Asked for every minute and on every return to the tab, but not while a dialog is open: the answer could be that nobody
 * is signed in any more, and take the page from under somebody's hands. A count that cannot be had is no alarm.
 */
export function useUnreadCount(): number {
  const { data, previousData, refetch } = useQuery(NotificationBellDocument, {
    // Not through the cache: `viewer` there is the team that this tab shows.
    fetchPolicy: "no-cache",
    pollInterval: POLL_MS,
    skipPollAttempt: () => document.hidden || openDialogKind() !== null,
  });
  usePageFocus(() => {
    if (openDialogKind() === null) void refetch().catch(() => undefined);
  });
  return (data ?? previousData)?.viewer?.unreadNotifications ?? 0;
}
