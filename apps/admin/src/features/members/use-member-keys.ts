import { useQuery } from "@apollo/client/react";
import { MemberKeysDocument, type MemberKeysQuery } from "../../generated/graphql.ts";
import { requestFailure, type RequestFailure } from "../../graphql/request-failure.ts";

export type MemberKey = MemberKeysQuery["apiKeys"]["nodes"][number];

export interface MemberKeysResult {
  /** Null until they are there. */
  readonly keys: readonly MemberKey[] | null;
  /** Also those beyond the ones listed. */
  readonly total: number;
  readonly failure: RequestFailure | null;
  readonly refetch: () => Promise<unknown>;
}

/** The active keys that a person made in a team, as they are now. */
export function useMemberKeys(teamId: string, createdById: string): MemberKeysResult {
  const { data, error, refetch } = useQuery(MemberKeysDocument, {
    variables: { teamId, createdById },
    fetchPolicy: "network-only",
    nextFetchPolicy: "cache-first",
  });
  return {
    keys: data?.apiKeys.nodes ?? null,
    total: data?.apiKeys.totalCount ?? 0,
    failure: error === undefined ? null : requestFailure(error),
    refetch: () => refetch().catch(() => undefined),
  };
}
