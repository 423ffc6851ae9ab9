import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { NotificationsDocument, type NotificationsQuery } from "../../generated/graphql.ts";
import { requestFailure, type RequestFailure } from "../../graphql/request-failure.ts";
import { usePageFocus } from "../../session/use-page-focus.ts";

const PAGE_SIZE = 30;
const POLL_MS = 60_000;

export interface NotificationsResult {
  readonly list: NotificationsQuery["notifications"] | null;
  /** Why the newest attempt failed, if it did. */
  readonly failure: RequestFailure | null;
  readonly isUpdating: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly refetch: () => Promise<unknown>;
}

/**
 * The first page is asked for again every minute while the tab is visible, and on every return to it. Once more was
 * loaded the list stands still: what somebody reads further down must not move.
 */
export function useNotifications(unreadOnly: boolean): NotificationsResult {
  const [extended, setExtended] = useState<boolean | null>(null);
  const [isLoadingMore, setIsLoadingMore] = useState(false);
  const [moreFailure, setMoreFailure] = useState<RequestFailure | null>(null);
  const isExtended = extended === unreadOnly;
  const { data, previousData, error, loading, refetch, fetchMore } = useQuery(NotificationsDocument, {
    variables: { first: PAGE_SIZE, after: null, unreadOnly },
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
    pollInterval: isExtended ? 0 : POLL_MS,
    skipPollAttempt: () => document.hidden,
  });
  usePageFocus(() => {
    if (!isExtended) void refetch().catch(() => undefined);
  });
  // A failed refetch leaves the query without data; the screen keeps what it has.
  const list = (data ?? previousData)?.notifications ?? null;
  const loadMore = async () => {
    setIsLoadingMore(true);
    setExtended(unreadOnly);
    try {
      await fetchMore({
        variables: { after: list?.pageInfo.endCursor ?? null },
        updateQuery: ({ notifications: before }, { fetchMoreResult: { notifications: more } }) => ({
          notifications: { ...more, nodes: [...before.nodes, ...more.nodes] },
        }),
      });
      setMoreFailure(null);
    } catch (cause) {
      setMoreFailure(requestFailure(cause));
    } finally {
      setIsLoadingMore(false);
    }
  };
  return {
    list,
    failure: error === undefined ? moreFailure : requestFailure(error),
    isUpdating: loading && data === undefined && list !== null,
    isLoadingMore,
    loadMore: () => void loadMore(),
    refetch: () => refetch().catch(() => undefined),
  };
}
