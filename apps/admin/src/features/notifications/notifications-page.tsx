import { Button, Group, Stack, Switch, Text } from "@mantine/core";
import { IconBell, IconBellCheck } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslations } from "use-intl";
import { FailurePanel } from "../../components/failure-panel.tsx";
import { ListSkeleton } from "../../components/list-skeleton.tsx";
import { Notice } from "../../components/notice.tsx";
import { PageHeading } from "../../components/page-heading.tsx";
import { StaleNotice } from "../../components/stale-notice.tsx";
import { StatePanel } from "../../components/state-panel.tsx";
import { useDocumentTitle } from "../../session/use-document-title.ts";
import { NotificationItem } from "./notification-item.tsx";
import classes from "./notifications.module.css";
import { useMarkRead } from "./use-mark-read.ts";
import { useNotifications, type NotificationsResult } from "./use-notifications.ts";

const route = getRouteApi("/signed-in/notifications");

/** What the viewer was told, of all their teams. */
export function NotificationsPage() {
  const t = useTranslations("notifications");
  useDocumentTitle(t("title"));
  const heading = useRef<HTMLHeadingElement>(null);
  const { unread } = route.useSearch();
  const navigate = route.useNavigate();
  const isUnreadOnly = unread === "1";
  const showUnreadOnly = (isOn: boolean) => void navigate({ search: isOn ? { unread: "1" } : {}, resetScroll: false });
  const result = useNotifications(isUnreadOnly);
  const { markOne, markAll, isBusy, error } = useMarkRead();
  const newest = result.list?.nodes[0];
  return (
    <Stack gap="lg" maw={860}>
      <Group>
        <PageHeading title={t("title")} intro={t("intro")} headingRef={heading} />
      </Group>
      <div className={classes.toolbar}>
        <Switch
          label={t("unreadOnly")}
          checked={isUnreadOnly}
          onChange={(event) => showUnreadOnly(event.currentTarget.checked)}
        />
        <Button
          variant="default"
          disabled={newest === undefined}
          loading={isBusy}
          onClick={() => (newest === undefined ? undefined : void markAll(newest.at, result.refetch))}
        >
          {t("markAll")}
        </Button>
      </div>
      {error === null ? null : (
        <Notice tone="negative" role="alert">
          {error}
        </Notice>
      )}
      {result.list !== null && result.failure !== null ? <StaleNotice failure={result.failure} /> : null}
      <NotificationList
        result={result}
        isUnreadOnly={isUnreadOnly}
        onShowAll={() => showUnreadOnly(false)}
        onRead={markOne}
      />
    </Stack>
  );
}

interface NotificationListProps {
  readonly result: NotificationsResult;
  readonly isUnreadOnly: boolean;
  readonly onShowAll: () => void;
  readonly onRead: (id: string) => Promise<void>;
}

function NotificationList({ result, isUnreadOnly, onShowAll, onRead }: NotificationListProps) {
  const t = useTranslations("notifications");
  const { list, failure, isUpdating, isLoadingMore, loadMore, refetch } = result;
  if (list === null) {
    if (failure === null || failure === "unauthenticated") return <ListSkeleton label={t("loading")} />;
    return <FailurePanel failure={failure} onRetry={() => void refetch()} />;
  }
  if (list.nodes.length === 0) return <Nothing isUnreadOnly={isUnreadOnly} onShowAll={onShowAll} />;
  return (
    <Stack gap="md" align="flex-start">
      <ul className={classes.list} aria-label={t("list")} aria-busy={isUpdating}>
        {list.nodes.map((notification) => (
          <NotificationItem key={notification.id} notification={notification} onRead={onRead} />
        ))}
      </ul>
      {list.pageInfo.hasNextPage ? (
        <Button variant="default" loading={isLoadingMore} onClick={loadMore}>
          {t("loadMore")}
        </Button>
      ) : (
        <Text size="sm" c="dimmed">
          {t("end")}
        </Text>
      )}
    </Stack>
  );
}

function Nothing({ isUnreadOnly, onShowAll }: Pick<NotificationListProps, "isUnreadOnly" | "onShowAll">) {
  const t = useTranslations("notifications");
  if (!isUnreadOnly) {
    return (
      <StatePanel icon={<IconBell size={24} />} title={t("emptyTitle")}>
        {t("empty")}
      </StatePanel>
    );
  }
  return (
    <StatePanel
      icon={<IconBellCheck size={24} />}
      title={t("allReadTitle")}
      action={
        <Button variant="default" onClick={onShowAll}>
          {t("showAll")}
        </Button>
      }
    >
      {t("allRead")}
    </StatePanel>
  );
}
