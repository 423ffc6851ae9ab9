import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useEffectEvent } from "react";
import type { BackofficeSearch } from "./backoffice-search.ts";

const route = getRouteApi("/signed-in/backoffice");

export const PAGE_SIZE = 50;

/** Changes the search in the address, which starts the list from its first page. */
export function useChangeSearch(): (q: string) => void {
  const navigate = route.useNavigate();
  const { q: shown } = route.useSearch();
  return useCallback(
    (q) =>
      void navigate({
        search: ({ tab }: BackofficeSearch) => ({ ...(tab === undefined ? {} : { tab }), ...(q === "" ? {} : { q }) }),
        // One entry in the history for a search, not one per letter.
        replace: shown !== undefined,
        resetScroll: false,
      }),
    [navigate, shown],
  );
}

export function useChangePage() {
  const navigate = route.useNavigate();
  return (after: string | undefined, earlierCursors: readonly (string | null)[]) =>
    void navigate({
      search: ({ after: _left, ...kept }: BackofficeSearch) => ({ ...kept, ...(after === undefined ? {} : { after }) }),
      state: { earlierCursors },
    });
}

/** A cursor from an old link, or of another search, starts the list from the beginning. */
export function useFirstPageOnStaleCursor(isStale: boolean): void {
  const changePage = useChangePage();
  const toFirst = useEffectEvent(() => changePage(undefined, []));
  useEffect(() => {
    if (isStale) toFirst();
  }, [isStale]);
}
