import { CallsDocument, type CallsQuery } from "../../generated/graphql.ts";
import type { RequestFailure } from "../../graphql/request-failure.ts";
import { useGrowingList } from "../../graphql/use-growing-list.ts";
import type { AuditLogSearch } from "./audit-log-search.ts";
import { activityFilterOf } from "./calls-search.ts";

const PAGE_SIZE = 50;

export interface CallsResult {
  readonly activity: NonNullable<CallsQuery["activity"]> | null;
  /** Why the newest attempt failed, if it did. */
  readonly failure: RequestFailure | null;
  readonly isUpdating: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly refetch: () => Promise<unknown>;
}

export function useCalls(teamId: string, search: AuditLogSearch): CallsResult {
  const variables = { teamId, first: PAGE_SIZE, after: null, filter: activityFilterOf(search) };
  const { data, loadMore, ...list } = useGrowingList(CallsDocument, variables, {
    append: (before, { activity: more }) =>
      before.activity === null || more === null
        ? before
        : { activity: { ...more, nodes: [...before.activity.nodes, ...more.nodes] } },
  });
  const activity = data?.activity ?? null;
  return { ...list, activity, loadMore: () => loadMore(activity?.pageInfo.endCursor ?? null) };
}
