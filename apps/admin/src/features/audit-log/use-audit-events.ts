import { AuditEventsDocument, type AuditEventsQuery } from "../../generated/graphql.ts";
import type { RequestFailure } from "../../graphql/request-failure.ts";
import { useGrowingList } from "../../graphql/use-growing-list.ts";
import { auditFilterOf, type AuditLogSearch } from "./audit-log-search.ts";

const PAGE_SIZE = 50;

export interface AuditEventsResult {
  readonly log: NonNullable<AuditEventsQuery["auditLog"]> | null;
  /** Why the newest attempt failed, if it did. */
  readonly failure: RequestFailure | null;
  readonly isUpdating: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly refetch: () => Promise<unknown>;
}

export function useAuditEvents(teamId: string, search: AuditLogSearch): AuditEventsResult {
  const variables = { teamId, first: PAGE_SIZE, after: null, filter: auditFilterOf(search) };
  const { data, loadMore, ...list } = useGrowingList(AuditEventsDocument, variables, {
    append: (before, { auditLog: more }) =>
      before.auditLog === null || more === null
        ? before
        : { auditLog: { ...more, nodes: [...before.auditLog.nodes, ...more.nodes] } },
  });
  const log = data?.auditLog ?? null;
  return { ...list, log, loadMore: () => loadMore(log?.pageInfo.endCursor ?? null) };
}
