import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { AuditEventsDocument, type AuditEventsQuery } from "../../generated/graphql.ts";
import { requestFailure, type RequestFailure } from "../../graphql/request-failure.ts";
import { usePageFocus } from "../../session/use-page-focus.ts";
import { auditFilterOf, type AuditLogSearch } from "./audit-log-search.ts";

const PAGE_SIZE = 50;
const POLL_MS = 10_000;

export interface AuditEventsResult {
  readonly log: NonNullable<AuditEventsQuery["auditLog"]> | null;
  /** Why the newest attempt failed, if it did. */
  readonly failure: RequestFailure | null;
  readonly isUpdating: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly refetch: () => Promise<unknown>;
}

/**
 * The first page is asked for again every 10 s while the tab is visible, and on every return to it. Once more was loaded
 * the list stands still: what somebody reads further down must not move.
 */
export function useAuditEvents(teamId: string, search: AuditLogSearch): AuditEventsResult {
  const filter = auditFilterOf(search);
  const [extended, setExtended] = useState<string | null>(null);
  const [isLoadingMore, setIsLoadingMore] = useState(false);
  const [moreFailure, setMoreFailure] = useState<RequestFailure | null>(null);
  const shownList = JSON.stringify([teamId, filter]);
  const isExtended = extended === shownList;
  const { data, previousData, error, loading, refetch, fetchMore } = useQuery(AuditEventsDocument, {
    variables: { teamId, first: PAGE_SIZE, after: null, filter },
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
    pollInterval: isExtended ? 0 : POLL_MS,
    skipPollAttempt: () => document.hidden,
  });
  usePageFocus(() => {
    if (!isExtended) void refetch().catch(() => undefined);
  });
  // A failed refetch leaves the query without data; the screen keeps what it has.
  const log = (data ?? previousData)?.auditLog ?? null;
  const loadMore = async () => {
    setIsLoadingMore(true);
    setExtended(shownList);
    try {
      await fetchMore({
        variables: { after: log?.pageInfo.endCursor ?? null },
        updateQuery: (before, { fetchMoreResult: { auditLog: more } }) =>
          before.auditLog === null || more === null
            ? before
            : { auditLog: { ...more, nodes: [...before.auditLog.nodes, ...more.nodes] } },
      });
      setMoreFailure(null);
    } catch (cause) {
      setMoreFailure(requestFailure(cause));
    } finally {
      setIsLoadingMore(false);
    }
  };
  return {
    log,
    failure: error === undefined ? moreFailure : requestFailure(error),
    isUpdating: loading && data === undefined && log !== null,
    isLoadingMore,
    loadMore: () => void loadMore(),
    refetch: () => refetch().catch(() => undefined),
  };
}
