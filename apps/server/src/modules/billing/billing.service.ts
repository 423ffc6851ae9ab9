import type { TeamAccess } from "@latchkey/types/actor";
import {
  isPlanName,
  isSubscriptionUsable,
  PLANS,
  subscriptionStatus,
  type KeyLimitScope,
  type PlanName,
  type SubscriptionStatus,
} from "@latchkey/types/plans";
import { PermissionMissingError, unauthenticated } from "../../platform/domain-error.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import type { TeamsService } from "../teams/teams.service.ts";
import type { BillingRepository } from "./billing.repository.ts";
import type { ProductUsage } from "./usage-source.ts";

export interface Subscription {
  readonly plan: PlanName;
  readonly status: SubscriptionStatus;
  /** Whether keys may be made and used. */
  readonly isUsable: boolean;
  readonly currentPeriodStart: Date;
  readonly currentPeriodEnd: Date | null;
  /** Per key and per session: what the backoffice set for the team, else what the plan says. */
  readonly requestsPerMinute: number;
}

/** `used` null: not known. `limit` null: the plan sets none. */
export interface LimitUse {
  readonly used: number | null;
  readonly limit: number | null;
}

export interface Usage {
  readonly activeKeys: LimitUse;
  /** Of whoever asks; of a key's creator. */
  readonly ownActiveKeys: LimitUse;
  readonly requests: LimitUse;
  readonly adAccounts: LimitUse;
  readonly monthlyAdSpendUsd: LimitUse;
}

interface Dependencies {
  readonly repository: BillingRepository;
  readonly teams: TeamsService;
  readonly countActiveKeys: (teamId: string, createdById: string) => Promise<Readonly<Record<KeyLimitScope, number>>>;
  /** Calls of the team's keys since the hour of this instant. */
  readonly countCalls: (teamId: string, since: Date) => Promise<number>;
  readonly readProductUsage: (teamId: string) => Promise<ProductUsage>;
  readonly links: { readonly billingUrl: string; readonly supportUrl: string | null };
}

/** What all doors can carry: GraphQL's Int has 32 bits. */
const LARGEST_FIGURE = 2_147_483_647;

export function createBillingService(dependencies: Dependencies) {
  const { repository, teams, countActiveKeys, countCalls, readProductUsage, links } = dependencies;
  const requireReader = async (context: RequestContext, teamId?: string | null): Promise<TeamAccess> => {
    const access = await teams.requireTeam(context, teamId);
    if (!access.permissions.includes("billing:read")) throw new PermissionMissingError("billing:read");
    return access;
  };

  const subscriptionOf = async (teamId: string): Promise<Subscription | null> => {
    const stored = await repository.findSubscription(teamId);
    if (stored === null || !isPlanName(stored.plan)) return null;
    return {
      plan: stored.plan,
      status: subscriptionStatus(stored.status),
      isUsable: isSubscriptionUsable(stored.status),
      currentPeriodStart: stored.currentPeriodStart,
      currentPeriodEnd: stored.currentPeriodEnd,
      requestsPerMinute: stored.requestsPerMinute ?? PLANS[stored.plan].requestsPerMinute,
    };
  };

  return {
    /** Where people see their plan, and where they ask for another. */
    ...links,

    /** The table of plans, the same for everybody who may read billing. */
    async plans(context: RequestContext): Promise<typeof PLANS> {
      await requireReader(context);
      return PLANS;
    },

    /** Null where the team has none; it then counts as canceled. */
    async subscription(context: RequestContext, teamId?: string | null): Promise<Subscription | null> {
      const access = await requireReader(context, teamId);
      return subscriptionOf(access.teamId);
    },

    /** What is used of each limit of the plan; null where there is no subscription. */
    async usage(context: RequestContext, teamId?: string | null): Promise<Usage | null> {
      const access = await requireReader(context, teamId);
      if (context.actor.kind === "nobody") throw unauthenticated();
      const [subscription, keys, product] = await Promise.all([
        subscriptionOf(access.teamId),
        countActiveKeys(access.teamId, context.actor.userId),
        readProductUsage(access.teamId),
      ]);
      if (subscription === null) return null;
      const plan = PLANS[subscription.plan];
      const calls = await countCalls(access.teamId, subscription.currentPeriodStart);
      return {
        activeKeys: { used: keys.team, limit: plan.activeKeysPerTeam },
        ownActiveKeys: { used: keys.creator, limit: plan.activeKeysPerCreator },
        requests: { used: Math.min(calls, LARGEST_FIGURE), limit: null },
        adAccounts: { used: product.adAccounts, limit: plan.adAccounts },
        monthlyAdSpendUsd: { used: product.monthlyAdSpendUsd, limit: plan.monthlyAdSpendUsd },
      };
    },
  };
}
