import type { OperationVariables, TypedDocumentNode } from "@apollo/client";
import { useQuery } from "@apollo/client/react";
import { requestFailure, type RequestFailure } from "../../../graphql/request-failure.ts";
import { usePageFocus } from "../../../session/use-page-focus.ts";

const POLL_MS = 10_000;

interface Followed<Data> {
  /** The newest that arrived. */
  readonly data: Data | undefined;
  /** Why the newest attempt failed, if it did. */
  readonly failure: RequestFailure | null;
  readonly refetch: () => void;
}

/** Asked for again every 10 s while the tab is visible, and on every return to it, unless a dialog is in front. */
export function useFollowedQuery<Data, Variables extends OperationVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  isPaused = false,
) {
  const { data, error, refetch } = useQuery<Data, OperationVariables>(query, {
    variables,
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
    pollInterval: isPaused ? 0 : POLL_MS,
    skipPollAttempt: () => document.hidden,
  });
  const again = () => void refetch().catch(() => undefined);
  usePageFocus(() => {
    if (!isPaused) again();
  });
  return {
    data,
    failure: error === undefined ? null : requestFailure(error),
    refetch: again,
  } as const satisfies Followed<typeof data>;
}
