import { BillingPageDocument, type BillingPageQuery } from "../../generated/graphql.ts";
import type { RequestFailure } from "../../graphql/request-failure.ts";
import { useListQuery } from "../../graphql/use-list-query.ts";

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

export function useBilling(teamId: string): BillingResult {
  const { data, failure, refetch } = useListQuery(BillingPageDocument, { teamId });
  return { billing: data, failure, refetch };
}
