import { useQuery } from "@apollo/client/react";
import { BillingPageDocument, type BillingPageQuery } from "../../generated/graphql.ts";
import { requestFailure, type RequestFailure } from "../../graphql/request-failure.ts";
import { usePageFocus } from "../../session/use-page-focus.ts";

const POLL_MS = 10_000;

export type Subscription = NonNullable<BillingPageQuery["subscription"]>;
export type Usage = NonNullable<BillingPageQuery["usage"]>;
export type Plan = BillingPageQuery["plans"][number];

export interface BillingResult {
  /** The newest that arrived, also when a later attempt failed. */
  readonly billing: BillingPageQuery | undefined;
  /** Why the newest attempt failed, if it did. */
  readonly failure: RequestFailure | null;
  readonly refetch: () => Promise<unknown>;
}

/** Asked for again every 10 s while the tab is visible, and on every return to it. */
export function useBilling(teamId: string): BillingResult {
  const { data, previousData, error, refetch } = useQuery(BillingPageDocument, {
    variables: { teamId },
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
    pollInterval: POLL_MS,
    skipPollAttempt: () => document.hidden,
  });
  usePageFocus(() => void refetch().catch(() => undefined));
  return {
    billing: data ?? previousData,
    failure: error === undefined ? null : requestFailure(error),
    refetch: () => refetch().catch(() => undefined),
  };
}
