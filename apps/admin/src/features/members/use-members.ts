import { useQuery } from "@apollo/client/react";
import { MembersPageDocument, type MembersPageQuery } from "../../generated/graphql.ts";
import { requestFailure, type RequestFailure } from "../../graphql/request-failure.ts";
import { usePageFocus } from "../../session/use-page-focus.ts";

const PAGE_SIZE = 50;
const POLL_MS = 10_000;

export interface MembersResult {
  /** The page of the list to show: the newest that arrived, also while another is on its way. */
  readonly members: NonNullable<MembersPageQuery["members"]> | null;
  readonly invitations: NonNullable<MembersPageQuery["invitations"]>;
  /** Why the newest attempt failed, if it did. */
  readonly failure: RequestFailure | null;
  readonly isUpdating: boolean;
  readonly refetch: () => Promise<unknown>;
}

/** Asked for again every 10 s while the tab is visible, and on every return to it; it stands still behind a dialog. */
export function useMembers(teamId: string, after: string | null, isPaused: boolean): MembersResult {
  const { data, previousData, error, loading, refetch } = useQuery(MembersPageDocument, {
    variables: { teamId, first: PAGE_SIZE, after },
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
    pollInterval: isPaused ? 0 : POLL_MS,
    skipPollAttempt: () => document.hidden,
  });
  usePageFocus(() => {
    if (!isPaused) void refetch().catch(() => undefined);
  });
  // A failed refetch leaves the query without data; the screen keeps what it has.
  const shown = data ?? previousData;
  return {
    members: shown?.members ?? null,
    invitations: shown?.invitations ?? [],
    failure: error === undefined ? null : requestFailure(error),
    isUpdating: loading && data === undefined && shown !== undefined,
    refetch: () => refetch().catch(() => undefined),
  };
}
