import type { OperationVariables, TypedDocumentNode, Unmasked } from "@apollo/client";
import { useState } from "react";
import { requestFailure, type RequestFailure } from "./request-failure.ts";
import { useListQuery } from "./use-list-query.ts";

interface GrowingListOptions<Data> {
  readonly pollMilliseconds?: number;
  /** What is on screen, and what was loaded behind it, as one. */
  readonly append: (before: Unmasked<Data>, more: Unmasked<Data>) => Unmasked<Data>;
}

/**
 * A list with *Load more*. Once more was loaded it stands still: what somebody reads further down must not move.
 * `variables` without a cursor; `loadMore` asks for what comes after one.
 */
export function useGrowingList<Data, Variables extends OperationVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { pollMilliseconds, append }: GrowingListOptions<Data>,
) {
  const [extended, setExtended] = useState<string | null>(null);
  const [isLoadingMore, setIsLoadingMore] = useState(false);
  const [moreFailure, setMoreFailure] = useState<RequestFailure | null>(null);
  const shownList = JSON.stringify(variables);
  const { fetchMore, ...list } = useListQuery(query, variables, {
    ...(pollMilliseconds === undefined ? {} : { pollMilliseconds }),
    isPaused: extended === shownList,
  });
  const loadMore = async (after: string | null) => {
    setIsLoadingMore(true);
    setExtended(shownList);
    try {
      await fetchMore({
        variables: { after },
        updateQuery: (before, { fetchMoreResult }) => append(before, fetchMoreResult),
      });
      setMoreFailure(null);
    } catch (cause) {
      setMoreFailure(requestFailure(cause));
    } finally {
      setIsLoadingMore(false);
    }
  };
  return {
    ...list,
    failure: list.failure ?? moreFailure,
    isLoadingMore,
    loadMore: (after: string | null) => void loadMore(after),
  };
}
