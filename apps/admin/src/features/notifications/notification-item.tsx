import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { VisuallyHidden } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import type { MouseEvent } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ExactTime } from "../../components/exact-time.tsx";
import { SmallButton } from "../../components/small-button.tsx";
import {
  NotificationItem_NotificationFragmentDoc,
  type NotificationItem_NotificationFragment,
} from "../../generated/graphql.ts";
import { mayIn, useCurrentTeam } from "../../session/current-team.ts";
import classes from "./notifications.module.css";

interface NotificationItemProps {
  readonly notification: FragmentType<NotificationItem_NotificationFragment>;
  readonly onRead: (id: string) => Promise<void>;
}

/** One notification: a sentence that leads to what it is about, and is read by following it. */
export function NotificationItem({ notification, onRead }: NotificationItemProps) {
  const t = useTranslations("notifications");
  const format = useFormatter();
  const follow = useFollow();
  const shown = useCurrentTeam();
  const { data, complete } = useFragment({
    fragment: NotificationItem_NotificationFragmentDoc,
    fragmentName: "NotificationItem_notification",
    from: notification,
  });
  if (!complete) return null;
  const { id, message, team, apiKeyId, at, readAt, link } = data;
  const isUnread = readAt === null;
  // Of another team nobody here knows what the viewer may.
  const isOffered = shown?.id !== team.id || mayIn(shown, "audit_log:read");
  const calls = apiKeyId === null || !isOffered ? null : callsLink(link, apiKeyId, team.slug);
  const open = (to: string) => (event: MouseEvent) => {
    const reading = isUnread ? onRead(id) : Promise.resolve();
    // Another tab or window is the browser's to open.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void follow(to, team.id, reading);
  };
  return (
    <li className={classes.item} data-unread={isUnread || undefined}>
      <span className={classes.dot} aria-hidden="true" />
      <div className={classes.body}>
        <a className={classes.message} href={link} onClick={open(link)}>
          {isUnread ? <VisuallyHidden>{t("unread")} </VisuallyHidden> : null}
          {message}
        </a>
        <span className={classes.facts}>
          <ExactTime instant={at}>
            {format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "short" })}
          </ExactTime>{" "}
          {t("inTeam", { team: team.name })}
          {calls === null ? null : (
            <>
              {" · "}
              <a className={classes.calls} href={calls} onClick={open(calls)}>
                {t("calls")}
                <VisuallyHidden> {t("ofNotification", { message })}</VisuallyHidden>
              </a>
            </>
          )}
        </span>
      </div>
      {isUnread ? (
        <SmallButton label={t("markOne")} name={t("markNamed", { message })} onClick={() => void onRead(id)} />
      ) : null}
    </li>
  );
}

/** What the key did, call by call. The team comes along, as in the notification's own link. */
function callsLink(link: string, keyId: string, slug: string): string {
  const { origin } = new URL(link);
  return `${origin}/settings/team/audit-log?${new URLSearchParams({ tab: "calls", key: keyId, team: slug }).toString()}`;
}

/** To a page of the team on show within the page; to another team's by its address, which brings its team along. */
function useFollow() {
  const router = useRouter();
  const shown = useCurrentTeam();
  return async (link: string, teamId: string, reading: Promise<unknown>) => {
    const { pathname, search } = new URL(link);
    if (teamId === shown?.id) return router.history.push(`${pathname}${search}`);
    // A page that goes away takes its requests with it.
    await reading;
    window.location.assign(`${pathname}${search}`);
  };
}
