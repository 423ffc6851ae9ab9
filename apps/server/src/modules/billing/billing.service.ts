import type { TeamAccess } from "@latchkey/types/actor";
import { isPlanName, PLANS, type PlanName } from "@latchkey/types/plans";
import { NotFoundError, PermissionMissingError } from "../../platform/domain-error.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import type { TeamsService } from "../teams/teams.service.ts";
import type { BillingRepository } from "./billing.repository.ts";

export interface Subscription {
  readonly plan: PlanName;
  readonly status: string;
  readonly currentPeriodStart: Date;
  readonly currentPeriodEnd: Date | null;
  /** Per key and per session: what the backoffice set for the team, else what the plan says. */
  readonly requestsPerMinute: number;
}

export interface Usage {
  readonly activeKeys: { readonly used: number; readonly limit: number | null };
}

interface Dependencies {
  readonly repository: BillingRepository;
  readonly teams: TeamsService;
  readonly countActiveKeys: (teamId: string) => Promise<number>;
}

export function createBillingService({ repository, teams, countActiveKeys }: Dependencies) {
  const requireReader = async (context: RequestContext, teamId?: string | null): Promise<TeamAccess> => {
    const access = await teams.requireTeam(context, teamId);
    if (!access.permissions.includes("billing:read")) throw new PermissionMissingError("billing:read");
    return access;
  };

  const subscriptionOf = async (teamId: string): Promise<Subscription> => {
    const stored = await repository.findSubscription(teamId);
    if (stored === null || !isPlanName(stored.plan)) throw new NotFoundError("subscription");
    return {
      plan: stored.plan,
      status: stored.status,
      currentPeriodStart: stored.currentPeriodStart,
      currentPeriodEnd: stored.currentPeriodEnd,
      requestsPerMinute: stored.requestsPerMinute ?? PLANS[stored.plan].requestsPerMinute,
    };
  };

  return {
    /** The table of plans, the same for everybody who may read billing. */
    async plans(context: RequestContext): Promise<typeof PLANS> {
      await requireReader(context);
      return PLANS;
    },

    async subscription(context: RequestContext, teamId?: string | null): Promise<Subscription> {
      const access = await requireReader(context, teamId);
      return subscriptionOf(access.teamId);
    },

    /** What is used of each limit, of those that are counted. */
    async usage(context: RequestContext, teamId?: string | null): Promise<Usage> {
      const access = await requireReader(context, teamId);
      const [{ plan }, used] = await Promise.all([subscriptionOf(access.teamId), countActiveKeys(access.teamId)]);
      return { activeKeys: { used, limit: PLANS[plan].activeKeysPerTeam } };
    },
  };
}
