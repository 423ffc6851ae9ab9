import { Button, Group, Stack } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconUsers } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useState, type RefObject } from "react";
import { useTranslations } from "use-intl";
import { FailurePanel } from "../../components/failure-panel.tsx";
import { ListSkeleton } from "../../components/list-skeleton.tsx";
import { Pager } from "../../components/pager.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { StaleNotice } from "../../components/stale-notice.tsx";
import { StatePanel } from "../../components/state-panel.tsx";
import { BackofficePeopleDocument, type BackofficePeopleQuery } from "../../generated/graphql.ts";
import type { RequestFailure } from "../../graphql/request-failure.ts";
import { useListQuery } from "../../graphql/use-list-query.ts";
import { useFocusReturn } from "../../session/use-focus-return.ts";
import { searchedText } from "./backoffice-search.ts";
import { BanDialog } from "./ban-dialog.tsx";
import { PeopleCards, PeopleTable, type ListedPerson } from "./people-list.tsx";
import { PAGE_SIZE, useChangePage, useChangeSearch, useFirstPageOnStaleCursor } from "./use-backoffice-list.ts";

const route = getRouteApi("/signed-in/backoffice");

export function PeopleTab({ heading }: { readonly heading: RefObject<HTMLHeadingElement | null> }) {
  const t = useTranslations("backofficePeople");
  const { q, after = null } = route.useSearch();
  const [chosen, setChosen] = useState<ListedPerson | null>(null);
  const { open, returnFocus } = useFocusReturn(heading);
  const list = usePeople(searchedText(q), after, chosen !== null);
  const changeSearch = useChangeSearch();
  const changePage = useChangePage();
  useFirstPageOnStaleCursor(list.failure === "invalid_input" && after !== null);
  const choose = (person: ListedPerson) => {
    open();
    setChosen(person);
  };
  const close = () => {
    setChosen(null);
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
      {list.people !== null && list.failure !== null ? <StaleNotice failure={list.failure} /> : null}
      <PeopleContent list={list} q={q} onBan={choose} onClear={() => changeSearch("")} />
      {list.people === null ? null : (
        <Pager
          after={after}
          nextCursor={list.people.pageInfo.hasNextPage ? list.people.pageInfo.endCursor : null}
          onPage={changePage}
        />
      )}
      {chosen === null ? null : <BanDialog person={chosen} onClose={close} />}
    </Stack>
  );
}

interface PeopleResult {
  /** The page of the list to show: the newest that arrived, also while another is on its way. */
  readonly people: BackofficePeopleQuery["people"];
  /** Why the newest attempt failed, if it did. */
  readonly failure: RequestFailure | null;
  readonly isUpdating: boolean;
  readonly refetch: () => Promise<unknown>;
}

interface PeopleContentProps {
  readonly list: PeopleResult;
  readonly q: string | undefined;
  readonly onBan: (person: ListedPerson) => void;
  readonly onClear: () => void;
}

function PeopleContent({ list, q, onBan, onClear }: PeopleContentProps) {
  const t = useTranslations("backofficePeople");
  const isNarrow = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  if (list.people === null) {
    const isLoading = list.failure === null || list.failure === "unauthenticated";
    if (isLoading) return <ListSkeleton label={t("loading")} />;
    return <FailurePanel failure={list.failure} onRetry={() => void list.refetch()} />;
  }
  // Without a search there is always somebody: whoever looks.
  if (list.people.nodes.length === 0) {
    return (
      <StatePanel
        icon={<IconUsers size={24} />}
        title={t("notFoundTitle")}
        action={
          <Button variant="default" onClick={onClear}>
            {t("clear")}
          </Button>
        }
      >
        {t("notFound", { q: searchedText(q) ?? "" })}
      </StatePanel>
    );
  }
  const List = isNarrow ? PeopleCards : PeopleTable;
  return <List people={list.people.nodes} isUpdating={list.isUpdating} onBan={onBan} />;
}

/** Stands still behind a dialog. */
function usePeople(search: string | null, after: string | null, isPaused: boolean): PeopleResult {
  const variables = { search, first: PAGE_SIZE, after };
  const { data, failure, isUpdating, refetch } = useListQuery(BackofficePeopleDocument, variables, { isPaused });
  return { people: data?.people ?? null, failure, isUpdating, refetch };
}
