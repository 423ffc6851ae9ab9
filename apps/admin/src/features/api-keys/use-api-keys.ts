import { ApiKeysPageDocument, type ApiKeysPageQuery } from "../../generated/graphql.ts";
import type { RequestFailure } from "../../graphql/request-failure.ts";
import { useListQuery } from "../../graphql/use-list-query.ts";
import { filterOf, orderByOf, type ApiKeysSearch } from "./api-keys-search.ts";

const PAGE_SIZE = 50;

export interface ApiKeysResult {
  /** The page of the list to show: the newest that arrived, also while another is on its way. */
  readonly connection: ApiKeysPageQuery["apiKeys"] | undefined;
  /** Why the newest attempt failed, if it did. */
  readonly failure: RequestFailure | null;
  /** Another page, filter or order than the one on screen is on its way. */
  readonly isUpdating: boolean;
  readonly refetch: () => Promise<unknown>;
}

/** While a dialog is open the list stands still. */
export function useApiKeys(teamId: string, search: ApiKeysSearch, isPaused: boolean): ApiKeysResult {
  const after = search.after ?? null;
  const variables = { teamId, first: PAGE_SIZE, after, filter: filterOf(search), orderBy: orderByOf(search) };
  const { data, failure, isUpdating, refetch } = useListQuery(ApiKeysPageDocument, variables, { isPaused });
  return { connection: data?.apiKeys, failure, isUpdating, refetch };
}
