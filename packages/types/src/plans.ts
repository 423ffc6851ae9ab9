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

/** The plan to hold a team to: none, and any word that is not known here, has the least. */
export function effectivePlan(stored: string | null): PlanName {
  return stored !== null && isPlanName(stored) ? stored : "starter";
}

/** What a subscription can be, from hopeful to over. Stored words may be others: `subscriptionStatus` reads them. */
export const SUBSCRIPTION_STATUSES = ["trialing", "active", "past_due", "canceled"] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

/** No subscription, and any word that is not known here, counts as canceled. */
export function subscriptionStatus(stored: string | null): SubscriptionStatus {
  return SUBSCRIPTION_STATUSES.find((status) => status === stored) ?? "canceled";
}

/** Whether the team's subscription lets keys be created and used. */
export function isSubscriptionUsable(stored: string | null): boolean {
  return subscriptionStatus(stored) !== "canceled";
}

/** Of whom a plan limits the active keys: of all in the team, or of the one person who makes them. */
export const KEY_LIMIT_SCOPES = ["team", "creator"] as const;
export type KeyLimitScope = (typeof KEY_LIMIT_SCOPES)[number];

/** A cap that leaves no room for another key. `active` can be more than `limit`: a downgrade keeps existing keys. */
export interface ReachedKeyLimit {
  readonly scope: KeyLimitScope;
  readonly limit: number;
  readonly active: number;
}

export function hasKeyLimit(plan: PlanName): boolean {
  return PLANS[plan].activeKeysPerTeam !== null || PLANS[plan].activeKeysPerCreator !== null;
}

/** Which cap refuses one more key; the team's where both do, null where there is room. */
export function reachedKeyLimit(plan: PlanName, active: Readonly<Record<KeyLimitScope, number>>): ReachedKeyLimit | null {
  const { activeKeysPerTeam, activeKeysPerCreator } = PLANS[plan];
  const limits = { team: activeKeysPerTeam, creator: activeKeysPerCreator };
  for (const scope of KEY_LIMIT_SCOPES) {
    const limit = limits[scope];
    if (limit !== null && active[scope] >= limit) return { scope, limit, active: active[scope] };
  }
  return null;
}
