import { MembersPageDocument, type MembersPageQuery } from "../../generated/graphql.ts";
import type { RequestFailure } from "../../graphql/request-failure.ts";
import { useListQuery } from "../../graphql/use-list-query.ts";

const PAGE_SIZE = 50;

export interface MembersResult {
  /** The page of the list to show: the newest that arrived, also while another is on its way. */
  readonly members: NonNullable<MembersPageQuery["members"]> | null;
  readonly invitations: NonNullable<MembersPageQuery["invitations"]>;
  /** Why the newest attempt failed, if it did. */
  readonly failure: RequestFailure | null;
  readonly isUpdating: boolean;
  readonly refetch: () => Promise<unknown>;
}

/** Stands still behind a dialog. */
export function useMembers(teamId: string, after: string | null, isPaused: boolean): MembersResult {
  const variables = { teamId, first: PAGE_SIZE, after };
  const { data, failure, isUpdating, refetch } = useListQuery(MembersPageDocument, variables, { isPaused });
  return { members: data?.members ?? null, invitations: data?.invitations ?? [], failure, isUpdating, refetch };
}
