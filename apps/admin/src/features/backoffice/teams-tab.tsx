import { Button, Group, Stack } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconBuilding } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useState, type RefObject } from "react";
import { useTranslations } from "use-intl";
import { FailurePanel } from "../../components/failure-panel.tsx";
import { ListSkeleton } from "../../components/list-skeleton.tsx";
import { Pager } from "../../components/pager.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { StaleNotice } from "../../components/stale-notice.tsx";
import { StatePanel } from "../../components/state-panel.tsx";
import { BackofficeTeamsDocument, type BackofficeTeamsQuery } from "../../generated/graphql.ts";
import type { RequestFailure } from "../../graphql/request-failure.ts";
import { useListQuery } from "../../graphql/use-list-query.ts";
import { useFocusReturn } from "../../session/use-focus-return.ts";
import { searchedText } from "./backoffice-search.ts";
import { EditTeamDialog } from "./edit-team-dialog.tsx";
import { TeamsCards, TeamsTable, type ListedTeam } from "./teams-list.tsx";
import { PAGE_SIZE, useChangePage, useChangeSearch, useFirstPageOnStaleCursor } from "./use-backoffice-list.ts";

const route = getRouteApi("/signed-in/backoffice");

export function TeamsTab({ heading }: { readonly heading: RefObject<HTMLHeadingElement | null> }) {
  const t = useTranslations("backofficeTeams");
  const { q, after = null } = route.useSearch();
  const [edited, setEdited] = useState<ListedTeam | null>(null);
  const { open, returnFocus } = useFocusReturn(heading);
  const list = useTeams(searchedText(q), after, edited !== null);
  const changeSearch = useChangeSearch();
  const changePage = useChangePage();
  useFirstPageOnStaleCursor(list.failure === "invalid_input" && after !== null);
  const edit = (team: ListedTeam) => {
    open();
    setEdited(team);
  };
  const close = () => {
    setEdited(null);
    returnFocus();
    void list.refetch();
  };
  return (
    <Stack gap="lg">
      <Group role="search" aria-label={t("search")}>
        <SearchField
          label={t("search")}
          placeholder={t("searchPlaceholder")}
          clearLabel={t("clearSearch")}
          value={q ?? ""}
          onChange={changeSearch}
        />
      </Group>
      {list.teams !== null && list.failure !== null ? <StaleNotice failure={list.failure} /> : null}
      <TeamsContent list={list} q={q} onEdit={edit} onClear={() => changeSearch("")} />
      {list.teams === null ? null : (
        <Pager
          after={after}
          nextCursor={list.teams.pageInfo.hasNextPage ? list.teams.pageInfo.endCursor : null}
          onPage={changePage}
        />
      )}
      {edited === null ? null : <EditTeamDialog team={edited} onClose={close} />}
    </Stack>
  );
}

interface TeamsResult {
  /** The page of the list to show: the newest that arrived, also while another is on its way. */
  readonly teams: BackofficeTeamsQuery["teams"];
  /** Why the newest attempt failed, if it did. */
  readonly failure: RequestFailure | null;
  readonly isUpdating: boolean;
  readonly refetch: () => Promise<unknown>;
}

interface TeamsContentProps {
  readonly list: TeamsResult;
  readonly q: string | undefined;
  readonly onEdit: (team: ListedTeam) => void;
  readonly onClear: () => void;
}

function TeamsContent({ list, q, onEdit, onClear }: TeamsContentProps) {
  const t = useTranslations("backofficeTeams");
  const isNarrow = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  if (list.teams === null) {
    const isLoading = list.failure === null || list.failure === "unauthenticated";
    if (isLoading) return <ListSkeleton label={t("loading")} />;
    return <FailurePanel failure={list.failure} onRetry={() => void list.refetch()} />;
  }
  if (list.teams.nodes.length === 0) {
    const searched = searchedText(q);
    return (
      <StatePanel
        icon={<IconBuilding size={24} />}
        title={searched === null ? t("noneTitle") : t("notFoundTitle")}
        action={
          searched === null ? null : (
            <Button variant="default" onClick={onClear}>
              {t("clear")}
            </Button>
          )
        }
      >
        {searched === null ? t("none") : t("notFound", { q: searched })}
      </StatePanel>
    );
  }
  const List = isNarrow ? TeamsCards : TeamsTable;
  return <List teams={list.teams.nodes} isUpdating={list.isUpdating} onEdit={onEdit} />;
}

/** Stands still behind a dialog. */
function useTeams(search: string | null, after: string | null, isPaused: boolean): TeamsResult {
  const variables = { search, first: PAGE_SIZE, after };
  const { data, failure, isUpdating, refetch } = useListQuery(BackofficeTeamsDocument, variables, { isPaused });
  return { teams: data?.teams ?? null, failure, isUpdating, refetch };
}
