import { useQuery } from "@apollo/client/react";
import { KeyAllowanceDocument } from "../../generated/graphql.ts";
import { usePageFocus } from "../../session/use-page-focus.ts";
import { mayIn, type CurrentTeam } from "../../session/current-team.ts";
import { keyObstacle, type KeyObstacle } from "./key-allowance.ts";

const POLL_MS = 10_000;

interface ObstacleResult {
  readonly obstacle: KeyObstacle | null;
  readonly refetch: () => void;
}

/**
 * Whether the plan leaves room for a key, for whoever may make one; asked for as often as the list. A failure says
 * nothing: the page then offers what the server refuses in its own words.
 */
export function useKeyObstacle(team: CurrentTeam, isPaused: boolean): ObstacleResult {
  const mayKnow = mayIn(team, "api_keys:create") && mayIn(team, "billing:read");
  const { data, previousData, refetch } = useQuery(KeyAllowanceDocument, {
    variables: { teamId: team.id },
    skip: !mayKnow,
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
    pollInterval: isPaused ? 0 : POLL_MS,
    skipPollAttempt: () => document.hidden,
  });
  const refetchQuietly = () => {
    if (mayKnow) void refetch().catch(() => undefined);
  };
  usePageFocus(() => {
    if (!isPaused) refetchQuietly();
  });
  return { obstacle: mayKnow ? keyObstacle(data ?? previousData) : null, refetch: refetchQuietly };
}
