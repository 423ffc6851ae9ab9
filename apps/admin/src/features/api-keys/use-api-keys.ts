import { useQuery } from "@apollo/client/react";
import { ApiKeysPageDocument, type ApiKeysPageQuery } from "../../generated/graphql.ts";
import { requestFailure, type RequestFailure } from "../../graphql/request-failure.ts";
import { usePageFocus } from "../../session/use-page-focus.ts";
import { filterOf, orderByOf, type ApiKeysSearch } from "./api-keys-search.ts";

const PAGE_SIZE = 50;
const POLL_MS = 10_000;

export interface ApiKeysResult {
  /** The page of the list to show: the newest that arrived, also while another is on its way. */
  readonly connection: ApiKeysPageQuery["apiKeys"] | undefined;
  /** Why the newest attempt failed, if it did. */
  readonly failure: RequestFailure | null;
  /** Another page, filter or order than the one on screen is on its way. */
  readonly isUpdating: boolean;
  readonly refetch: () => Promise<unknown>;
}

/**
 * The list, asked for again every 10 s while the tab is visible and on every return to it. While a dialog is open the
 * list stands still: a refetch could find the session ended and leave the page under somebody's hands.
 */
export function useApiKeys(teamId: string, search: ApiKeysSearch, isPaused: boolean): ApiKeysResult {
  const { data, previousData, error, loading, refetch } = useQuery(ApiKeysPageDocument, {
    variables: {
      teamId,
      first: PAGE_SIZE,
      after: search.after ?? null,
      filter: filterOf(search),
      orderBy: orderByOf(search),
    },
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
    pollInterval: isPaused ? 0 : POLL_MS,
    skipPollAttempt: () => document.hidden,
  });
  usePageFocus(() => {
    if (!isPaused) void refetch().catch(() => undefined);
  });
  // A failed refetch leaves the query without data; the screen keeps what it has.
  const connection = (data ?? previousData)?.apiKeys;
  return {
    connection,
    failure: error === undefined ? null : requestFailure(error),
    isUpdating: loading && data === undefined && connection !== undefined,
    refetch: () => refetch().catch(() => undefined),
  };
}
