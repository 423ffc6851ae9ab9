/** What each plan allows. `null` is unlimited. Money in whole US dollars, rates in requests per minute. */
export interface PlanLimits {
  readonly activeKeysPerTeam: number | null;
  readonly activeKeysPerCreator: number | null;
  readonly requestsPerMinute: number;
  readonly adAccounts: number | null;
  readonly monthlyAdSpendUsd: number | null;
}

export const PLAN_NAMES = ["starter", "growth", "scale", "enterprise"] as const;
export type PlanName = (typeof PLAN_NAMES)[number];

export const PLANS: Readonly<Record<PlanName, PlanLimits>> = {
  starter: { activeKeysPerTeam: 10, activeKeysPerCreator: 5, requestsPerMinute: 60, adAccounts: 2, monthlyAdSpendUsd: 10_000 },
  growth: { activeKeysPerTeam: null, activeKeysPerCreator: null, requestsPerMinute: 600, adAccounts: 10, monthlyAdSpendUsd: 100_000 },
  scale: { activeKeysPerTeam: null, activeKeysPerCreator: null, requestsPerMinute: 1_200, adAccounts: 50, monthlyAdSpendUsd: 1_000_000 },
  enterprise: { activeKeysPerTeam: null, activeKeysPerCreator: null, requestsPerMinute: 6_000, adAccounts: null, monthlyAdSpendUsd: null },
};

export function isPlanName(value: string): value is PlanName {
  return (PLAN_NAMES as readonly string[]).includes(value);
}

/** The subscription statuses under which keys may be created and keys answer. Any other word counts as cancelled. */
const PAYING_STATUSES: readonly string[] = ["active", "trialing", "past_due"];

/** Whether the team's subscription lets keys be created and used; no subscription, or an unknown status, does not. */
export function isSubscriptionUsable(status: string | null): boolean {
  return status !== null && PAYING_STATUSES.includes(status);
}
