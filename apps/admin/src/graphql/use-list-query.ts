import type { OperationVariables, TypedDocumentNode } from "@apollo/client";
import { useQuery } from "@apollo/client/react";
import { usePageFocus } from "../session/use-page-focus.ts";
import { requestFailure, type RequestFailure } from "./request-failure.ts";

const POLL_MILLISECONDS = 10_000;

interface ListQueryOptions {
  readonly pollMilliseconds?: number;
  /** Stands still: a refetch behind a dialog could find the session ended and leave the page under somebody's hands. */
  readonly isPaused?: boolean;
}

export interface ListQueryResult<Data> {
  /** The newest that arrived, also while another page or filter is on its way, and after an attempt that failed. */
  readonly data: Data | undefined;
  /** Why the newest attempt failed, if it did. */
  readonly failure: RequestFailure | null;
  /** Another page, filter or order than the one on screen is on its way. */
  readonly isUpdating: boolean;
  readonly refetch: () => Promise<unknown>;
}

/** What a page shows: asked for again every 10 s while the tab is visible, and on every return to it. */
export function useListQuery<Data, Variables extends OperationVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { pollMilliseconds = POLL_MILLISECONDS, isPaused = false }: ListQueryOptions = {},
) {
  const { data, previousData, error, loading, refetch, fetchMore } = useQuery<Data, OperationVariables>(query, {
    variables,
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
    pollInterval: isPaused ? 0 : pollMilliseconds,
    skipPollAttempt: () => document.hidden,
  });
  usePageFocus(() => {
    if (!isPaused) void refetch().catch(() => undefined);
  });
  // A failed refetch leaves the query without data; the screen keeps what it has.
  const shown = data ?? previousData;
  return {
    data: shown,
    failure: error === undefined ? null : requestFailure(error),
    isUpdating: loading && data === undefined && shown !== undefined,
    refetch: () => refetch().catch(() => undefined),
    fetchMore,
  } as const satisfies ListQueryResult<typeof shown> & { fetchMore: unknown };
}
