import { Button, Group, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconKey, IconPlus, IconSearchOff } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { CodeBlock } from "../../components/code-block.tsx";
import { FailurePanel } from "../../components/failure-panel.tsx";
import { ListSkeleton } from "../../components/list-skeleton.tsx";
import { Pager } from "../../components/pager.tsx";
import { StatePanel } from "../../components/state-panel.tsx";
import type { CurrentTeam } from "../../session/current-team.ts";
import { ApiKeysCards, ApiKeysTable, type ListedKey } from "./api-keys-list.tsx";
import { isNarrowed, showsRevoked, type ApiKeysSearch, type SearchChange } from "./api-keys-search.ts";
import type { ApiKeysResult } from "./use-api-keys.ts";

interface ApiKeysContentProps {
  readonly team: CurrentTeam;
  /** The role allows it, and so does the plan. */
  readonly mayCreate: boolean;
  readonly list: ApiKeysResult;
  readonly search: ApiKeysSearch;
  readonly onSearch: SearchChange;
  readonly onNewKey: () => void;
  readonly onRename: (apiKey: ListedKey) => void;
  readonly onRevoke: (apiKey: ListedKey) => void;
}

/** The list, or whatever stands in its place. */
export function ApiKeysContent({
  team,
  mayCreate,
  list,
  search,
  onSearch,
  onNewKey,
  onRename,
  onRevoke,
}: ApiKeysContentProps) {
  const t = useTranslations("apiKeys");
  const isNarrow = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  const { connection, failure } = list;
  useFirstPageOnStaleCursor(failure === "invalid_input" && search.after !== undefined, onSearch);

  if (connection === undefined) {
    if (failure === null || failure === "unauthenticated") return <ListSkeleton label={t("loading")} />;
    return <FailurePanel failure={failure} onRetry={() => void list.refetch()} />;
  }
  const { nodes, counts, totalCount, pageInfo } = connection;
  if (counts.active + counts.expired + counts.revoked === 0) return <FirstRun onNewKey={mayCreate ? onNewKey : null} />;
  const hiddenRevoked = showsRevoked(search) || search.status !== undefined ? 0 : counts.revoked;
  const List = isNarrow ? ApiKeysCards : ApiKeysTable;
  return (
    <Stack gap="sm">
      {nodes.length === 0 ? (
        <NoMatch team={team} search={search} onSearch={onSearch} />
      ) : (
        <List
          label={t("list", { team: team.name })}
          apiKeys={nodes}
          isUpdating={list.isUpdating}
          sort={search.sort}
          onSort={(sort) => onSearch({ sort })}
          onRename={onRename}
          onRevoke={onRevoke}
        />
      )}
      <ListFooter
        totalCount={totalCount}
        hiddenRevoked={hiddenRevoked}
        onShowRevoked={() => onSearch({ revoked: "1" })}
      >
        <Pager
          after={search.after ?? null}
          nextCursor={pageInfo.hasNextPage ? pageInfo.endCursor : null}
          onPage={(after, earlierCursors) => onSearch({ after }, earlierCursors)}
        />
      </ListFooter>
    </Stack>
  );
}

/** A cursor is bound to its filter and order; one from an old link starts the list from the beginning. */
function useFirstPageOnStaleCursor(isStale: boolean, onSearch: SearchChange): void {
  useEffect(() => {
    if (isStale) onSearch({ after: undefined });
  }, [isStale, onSearch]);
}

interface ListFooterProps {
  readonly totalCount: number;
  readonly hiddenRevoked: number;
  readonly onShowRevoked: () => void;
  readonly children: React.ReactNode;
}

function ListFooter({ totalCount, hiddenRevoked, onShowRevoked, children }: ListFooterProps) {
  const t = useTranslations("apiKeysTable");
  return (
    <Group justify="space-between" gap="sm" mih={32}>
      <Group gap="xs">
        <Text size="sm" c="dimmed" role="status">
          {t("count", { count: totalCount })}
          {hiddenRevoked === 0 ? null : ` · ${t("hiddenRevoked", { count: hiddenRevoked })}`}
        </Text>
        {hiddenRevoked === 0 ? null : (
          <Button variant="subtle" size="compact-sm" onClick={onShowRevoked}>
            {t("showHidden")}
          </Button>
        )}
      </Group>
      {children}
    </Group>
  );
}

function NoMatch({ team, search, onSearch }: Pick<ApiKeysContentProps, "team" | "search" | "onSearch">) {
  const t = useTranslations("apiKeysEmpty");
  const tToolbar = useTranslations("apiKeysToolbar");
  if (!isNarrowed(search)) return <StatePanel icon={<IconKey size={24} />} title={t("noneVisible")} />;
  return (
    <StatePanel
      icon={<IconSearchOff size={24} />}
      title={t("noMatchTitle")}
      action={
        <Button variant="default" onClick={() => onSearch({ q: undefined, status: undefined })}>
          {tToolbar("clear")}
        </Button>
      }
    >
      {t("noMatchBody", { team: team.name })}
    </StatePanel>
  );
}

function FirstRun({ onNewKey }: { readonly onNewKey: (() => void) | null }) {
  const t = useTranslations("apiKeysEmpty");
  const tKeys = useTranslations("apiKeys");
  return (
    <StatePanel
      icon={<IconKey size={24} />}
      title={t("firstTitle")}
      action={
        <Stack align="center" w="100%" maw={560} gap="lg">
          {onNewKey === null ? null : (
            <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={onNewKey}>
              {tKeys("newKey")}
            </Button>
          )}
          <CodeBlock
            label={t("example")}
          >{`curl ${window.location.origin}/api/v1/auth/me \\\n  -H "x-api-key: $YOUR_API_KEY"`}</CodeBlock>
        </Stack>
      }
    >
      {t("firstBody")}
    </StatePanel>
  );
}
