import { Button, Group, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { PageHeading } from "../../components/page-heading.tsx";
import { StaleNotice } from "../../components/stale-notice.tsx";
import { mayIn, useCurrentTeam, type CurrentTeam } from "../../session/current-team.ts";
import { useDocumentTitle } from "../../session/use-document-title.ts";
import { useFocusReturn } from "../../session/use-focus-return.ts";
import { ApiKeysContent } from "./api-keys-content.tsx";
import type { ListedKey } from "./api-keys-list.tsx";
import type { ApiKeysSearch, SearchChange } from "./api-keys-search.ts";
import { ApiKeysToolbar } from "./api-keys-toolbar.tsx";
import { CreateDialog } from "./create-dialog.tsx";
import { useOpenedKey } from "./drawer/use-opened-key.ts";
import { KeyObstacleNotice } from "./key-obstacle-notice.tsx";
import { RenameDialog } from "./rename-dialog.tsx";
import { Replacing } from "./replace/replacing.tsx";
import { useReplacing } from "./replace/use-replacing.ts";
import { ReviewLink } from "./review/review-link.tsx";
import { RevokeDialog } from "./revoke-dialog.tsx";
import { useApiKeys } from "./use-api-keys.ts";
import { useKeyObstacle } from "./use-key-obstacle.ts";

const KeyDrawer = lazy(async () => ({ default: (await import("./drawer/key-drawer.tsx")).KeyDrawer }));

const route = getRouteApi("/signed-in/settings/team/api-keys");

type OpenDialog = { readonly kind: "create" } | { readonly kind: "rename" | "revoke"; readonly apiKey: ListedKey };

export function ApiKeysPage() {
  const t = useTranslations("apiKeys");
  useDocumentTitle(t("title"));
  const team = useCurrentTeam();
  // Without a team the shell shows its own state instead of any page.
  return team === null ? null : <TeamApiKeys team={team} />;
}

function TeamApiKeys({ team }: { readonly team: CurrentTeam }) {
  const search = route.useSearch();
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const replacing = useReplacing();
  const isPaused = dialog !== null || replacing.replaceId !== null || search.key !== undefined;
  const list = useApiKeys(team.id, search, isPaused);
  const { obstacle, refetch: refetchObstacle } = useKeyObstacle(team, isPaused);
  const { open, returnFocus } = useFocusReturn(heading);
  const changeSearch = useSearchChange();

  const openDialog = (next: OpenDialog) => {
    open();
    setDialog(next);
  };
  const closeDialog = () => {
    setDialog(null);
    returnFocus();
    void list.refetch();
    refetchObstacle();
  };
  // What was done in the drawer may change the list.
  const openedKey = useOpenedKey(heading, () => void list.refetch());
  const isEmpty = list.connection !== undefined && totalOf(list.connection.counts) === 0;

  return (
    <Stack gap="lg">
      <PageHeader
        team={team}
        heading={heading}
        // The first-run state has the button in the middle of the page.
        hasKeys={list.connection !== undefined && !isEmpty}
        onNewKey={isEmpty || obstacle !== null ? null : () => openDialog({ kind: "create" })}
      />
      {obstacle === null ? null : <KeyObstacleNotice obstacle={obstacle} />}
      {list.connection !== undefined && list.failure !== null ? <StaleNotice failure={list.failure} /> : null}
      {isEmpty ? null : <ApiKeysToolbar search={search} onChange={changeSearch} />}
      <ApiKeysContent
        team={team}
        mayCreate={mayIn(team, "api_keys:create") && obstacle === null}
        list={list}
        search={search}
        onSearch={changeSearch}
        onNewKey={() => openDialog({ kind: "create" })}
        onRename={(apiKey) => openDialog({ kind: "rename", apiKey })}
        onRevoke={(apiKey) => openDialog({ kind: "revoke", apiKey })}
      />
      {dialog === null ? <Replacing team={team} replacing={replacing} onClose={closeDialog} /> : null}
      {openedKey.keyId === null ? null : (
        <Suspense fallback={null}>
          <KeyDrawer team={team} keyId={openedKey.keyId} onClose={openedKey.close} />
        </Suspense>
      )}
      {dialog?.kind === "create" ? <CreateDialog teamId={team.id} onClose={closeDialog} /> : null}
      {dialog?.kind === "rename" ? <RenameDialog apiKey={dialog.apiKey} onClose={closeDialog} /> : null}
      {dialog?.kind === "revoke" ? <RevokeDialog apiKey={dialog.apiKey} onClose={closeDialog} /> : null}
    </Stack>
  );
}

interface PageHeaderProps {
  readonly team: CurrentTeam;
  readonly heading: React.RefObject<HTMLHeadingElement | null>;
  readonly hasKeys: boolean;
  readonly onNewKey: (() => void) | null;
}

function PageHeader({ team, heading, hasKeys, onNewKey }: PageHeaderProps) {
  const t = useTranslations("apiKeys");
  const tRoles = useTranslations("roles");
  const mayCreate = mayIn(team, "api_keys:create");
  return (
    <Group justify="space-between" align="flex-start" gap="md">
      <PageHeading title={t("title")} intro={t("intro")} headingRef={heading}>
        {mayIn(team, "api_keys:read") ? null : (
          <Text size="sm" mt={4}>
            {t("ownOnly", { team: team.name })}
          </Text>
        )}
      </PageHeading>
      {mayCreate ? null : (
        <Text size="sm" c="dimmed" maw={280}>
          {t("mayNotCreate", { role: tRoles(team.role), team: team.name })}
        </Text>
      )}
      <Group gap="sm">
        {hasKeys ? <ReviewLink teamId={team.id} /> : null}
        {mayCreate && onNewKey !== null ? (
          <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={onNewKey}>
            {t("newKey")}
          </Button>
        ) : null}
      </Group>
    </Group>
  );
}

/** Changes the address. Whatever changes the list's content starts it from its first page. */
function useSearchChange(): SearchChange {
  const navigate = route.useNavigate();
  const { q } = route.useSearch();
  return useCallback(
    (change, cursors = []) => {
      const isPaging = "after" in change;
      void navigate({
        search: (previous) => ({ ...previous, ...(isPaging ? {} : { after: undefined }), ...change }) as ApiKeysSearch,
        state: { earlierCursors: cursors },
        // One entry in the history for a search, not one per letter.
        replace: "q" in change && q !== undefined,
        resetScroll: isPaging,
      });
    },
    [navigate, q],
  );
}

function totalOf({ active, expired, revoked }: { active: number; expired: number; revoked: number }): number {
  return active + expired + revoked;
}
