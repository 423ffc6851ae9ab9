import { apiKeyReviewInput, DEFAULT_REVIEWED_KEYS } from "@latchkey/types/inputs/api-key-review";
import { REVIEW_FINDINGS, type ReviewFindingKind } from "@latchkey/types/review-findings";
import { parseInput } from "../../platform/parse-input.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import type { TeamsService } from "../teams/teams.service.ts";
import { keyVisibility } from "./api-keys.policy.ts";
import type { ReviewRepository } from "./review.repository.ts";

/** Active keys of which the same is worth a look. */
export interface ReviewFinding {
  readonly kind: ReviewFindingKind;
  readonly count: number;
  /** The first of them. */
  readonly keyIds: readonly string[];
}

interface Dependencies {
  readonly repository: ReviewRepository;
  readonly teams: TeamsService;
}

export function createReviewService({ repository, teams }: Dependencies) {
  return {
    /** About the keys that the actor sees: all of the team's with api_keys:read, else their own. Gravest first. */
    async review(context: RequestContext, input: unknown): Promise<ReviewFinding[]> {
      const { teamId, first } = parseInput(apiKeyReviewInput, input);
      const access = await teams.requireTeam(context, teamId);
      const visibility = keyVisibility(context.actor, access);
      const found = await repository.list(access.teamId, visibility, first ?? DEFAULT_REVIEWED_KEYS);
      return REVIEW_FINDINGS.flatMap((kind) => {
        const ofKind = found.filter((key) => key.kind === kind);
        const [one] = ofKind;
        return one === undefined ? [] : [{ kind, count: one.count, keyIds: ofKind.map(({ keyId }) => keyId) }];
      });
    },
  };
}
