import { Drawer, Stack, Tabs } from "@mantine/core";
import { IconKeyOff } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { FailurePanel } from "../../../components/failure-panel.tsx";
import { ListSkeleton } from "../../../components/list-skeleton.tsx";
import { StaleNotice } from "../../../components/stale-notice.tsx";
import { StatePanel } from "../../../components/state-panel.tsx";
import { KeyDrawerDocument, type KeyDrawerQuery } from "../../../generated/graphql.ts";
import type { CurrentTeam } from "../../../session/current-team.ts";
import { useIsBehindQuestion } from "../../../session/open-dialogs.ts";
import { useFocusReturn } from "../../../session/use-focus-return.ts";
import { RenameDialog } from "../rename-dialog.tsx";
import { RevokeDialog } from "../revoke-dialog.tsx";
import { DrawerActions } from "./drawer-actions.tsx";
import { KeyEvents } from "./key-events.tsx";
import { KeyOverview } from "./key-overview.tsx";
import { KeyPermissions } from "./key-permissions.tsx";
import { KeyUsage } from "./key-usage.tsx";
import { useFollowedQuery } from "./use-followed-query.ts";

interface KeyDrawerProps {
  readonly team: CurrentTeam;
  readonly keyId: string;
  readonly onClose: () => void;
}

type OpenDialog = "rename" | "revoke";

/** All about one key, beside the list. Its own dialogs open in front of it. */
export function KeyDrawer({ team, keyId, onClose }: KeyDrawerProps) {
  const t = useTranslations("keyDrawer");
  const tApp = useTranslations("app");
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const title = useRef<HTMLSpanElement>(null);
  const { open, returnFocus } = useFocusReturn(title);
  // Mantine closes all that is open on Escape, not the topmost alone.
  const isBehind = useIsBehindQuestion() || dialog !== null;
  const { data, failure, refetch } = useFollowedQuery(KeyDrawerDocument, { id: keyId, teamId: team.id }, isBehind);
  const apiKey = data?.apiKey ?? null;
  const openDialog = (next: OpenDialog) => {
    open();
    setDialog(next);
  };
  const closeDialog = () => {
    setDialog(null);
    returnFocus();
    refetch();
  };

  return (
    <>
      <Drawer
        opened
        onClose={onClose}
        position="right"
        size={640}
        title={
          <span ref={title} tabIndex={-1}>
            <bdi>{apiKey?.name ?? t("title")}</bdi>
          </span>
        }
        closeButtonProps={{ "aria-label": tApp("close") }}
        closeOnEscape={!isBehind}
        returnFocus={false}
        transitionProps={{ duration: 0 }}
      >
        {data === undefined && failure !== null && failure !== "unauthenticated" ? (
          <FailurePanel failure={failure} onRetry={refetch} />
        ) : data === undefined ? (
          <ListSkeleton label={t("loading")} />
        ) : apiKey === null ? (
          <StatePanel icon={<IconKeyOff size={24} />} title={t("notFoundTitle")}>
            {t("notFound", { team: team.name })}
          </StatePanel>
        ) : (
          <Stack gap="md">
            {failure === null ? null : <StaleNotice failure={failure} />}
            <DrawerActions apiKey={apiKey} team={team} onOpen={openDialog} />
            <DrawerTabs key={keyId} apiKey={apiKey} team={team} />
          </Stack>
        )}
      </Drawer>
      {dialog === "rename" && apiKey !== null ? <RenameDialog apiKey={apiKey} onClose={closeDialog} /> : null}
      {dialog === "revoke" && apiKey !== null ? <RevokeDialog apiKey={apiKey} onClose={closeDialog} /> : null}
    </>
  );
}

interface DrawerTabsProps {
  readonly apiKey: NonNullable<KeyDrawerQuery["apiKey"]>;
  readonly team: CurrentTeam;
}

const TABS = ["overview", "usage", "permissions", "events"] as const;

function DrawerTabs({ apiKey, team }: DrawerTabsProps) {
  const t = useTranslations("keyDrawer");
  return (
    <Tabs defaultValue="overview" keepMounted={false}>
      <Tabs.List aria-label={t("tabs")}>
        {TABS.map((tab) => (
          <Tabs.Tab key={tab} value={tab} px="sm">
            {t(tab)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="overview" pt="md">
        <KeyOverview apiKey={apiKey} />
      </Tabs.Panel>
      <Tabs.Panel value="usage" pt="md">
        <KeyUsage keyId={apiKey.id} teamId={team.id} />
      </Tabs.Panel>
      <Tabs.Panel value="permissions" pt="md">
        <KeyPermissions keyId={apiKey.id} teamId={team.id} />
      </Tabs.Panel>
      <Tabs.Panel value="events" pt="md">
        <KeyEvents keyId={apiKey.id} team={team} />
      </Tabs.Panel>
    </Tabs>
  );
}
