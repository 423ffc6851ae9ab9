import { refusalInput } from "@latchkey/types/inputs/activity";
import { PermissionMissingError } from "../../platform/domain-error.ts";
import { parseInput } from "../../platform/parse-input.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import type { TeamsService } from "../teams/teams.service.ts";
import { mayReadActivity } from "./activity-log.policy.ts";
import type { CallNamesRepository } from "./call-names.repository.ts";
import type { CallSearching } from "./call-search.repository.ts";
import { isRequestId, toRecordedCall } from "./recorded-call.ts";
import { explain, type Refusal } from "./refusal.ts";

interface Dependencies {
  readonly searching: Pick<CallSearching, "find">;
  readonly names: CallNamesRepository;
  readonly teams: TeamsService;
}

/** *Why was this refused?* */
export function createRefusalsService({ searching, names, teams }: Dependencies) {
  return {
    /**
     * Null: unknown. No key or session matched, so nothing was recorded; or it is another team's, too old, or one of
     * many beyond a limit. Which of them is not told: that would tell whether another team's request exists.
     */
    async find(context: RequestContext, input: unknown): Promise<Refusal | null> {
      const { teamId: asked, requestId } = parseInput(refusalInput, input);
      const access = await teams.requireTeam(context, asked);
      if (!mayReadActivity(access)) throw new PermissionMissingError("audit_log:read");
      const { teamId } = access;
      const id = requestId.trim();
      const call = isRequestId(id) ? await searching.find({ teamId, filter: {}, search: null }, id) : null;
      if (call === null) return null;
      const key = call.keyId === null ? null : await names.factsOfKey(teamId, call.keyId);
      return explain(toRecordedCall(call, await names.namesOf(teamId, [call])), key);
    },
  };
}
