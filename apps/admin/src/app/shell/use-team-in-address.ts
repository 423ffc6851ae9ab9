import { useEffect, useRef, useState } from "react";
import type { ShellQuery } from "../../generated/graphql.ts";

/**
 * Links in mails and notifications carry `?team=<slug>`: the page opens in that team, if the viewer is in it. Read once,
 * when the page loads; what somebody does afterwards decides. True while it is on the way there.
 */
export function useTeamInAddress(viewer: ShellQuery["viewer"] | undefined, openTeam: OpenTeam): boolean {
  const [slug, setSlug] = useState(() => new URLSearchParams(window.location.search).get("team"));
  const opening = useRef(false);
  const named = viewer?.teams.find((team) => team.slug === slug);
  const target = named === undefined || named.id === viewer?.team?.id ? null : named.id;
  const isThere = slug !== null && viewer !== undefined && target === null;
  if (isThere) setSlug(null);
  useEffect(() => {
    if (target === null || opening.current) return;
    opening.current = true;
    void openTeam(target).finally(() => setSlug(null));
  }, [target, openTeam]);
  return target !== null;
}

type OpenTeam = (teamId: string) => Promise<void>;
