import { NotificationsDocument, type NotificationsQuery } from "../../generated/graphql.ts";
import type { RequestFailure } from "../../graphql/request-failure.ts";
import { useGrowingList } from "../../graphql/use-growing-list.ts";

const PAGE_SIZE = 30;
const POLL_MILLISECONDS = 60_000;

export interface NotificationsResult {
  readonly list: NotificationsQuery["notifications"] | null;
  /** Why the newest attempt failed, if it did. */
  readonly failure: RequestFailure | null;
  readonly isUpdating: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly refetch: () => Promise<unknown>;
}

export function useNotifications(unreadOnly: boolean): NotificationsResult {
  const variables = { first: PAGE_SIZE, after: null, unreadOnly };
  const { data, loadMore, ...result } = useGrowingList(NotificationsDocument, variables, {
    pollMilliseconds: POLL_MILLISECONDS,
    append: ({ notifications: before }, { notifications: more }) => ({
      notifications: { ...more, nodes: [...before.nodes, ...more.nodes] },
    }),
  });
  const list = data?.notifications ?? null;
  return { ...result, list, loadMore: () => loadMore(list?.pageInfo.endCursor ?? null) };
}
