import { PLANS, type PlanName, type SubscriptionStatus } from "@latchkey/types/plans";

/** What the backoffice sees of a team, from outside. */
export interface BackofficeTeam {
  readonly id: string;
  /** Null: there is no subscription. */
  readonly plan: PlanName | null;
  readonly status: SubscriptionStatus;
  /** What the backoffice set; null: what the plan says. */
  readonly requestsPerMinute: number | null;
  readonly members: number;
  readonly activeKeys: number;
  readonly createdAt: Date;
}

export function effectiveRequestsPerMinute({ plan, requestsPerMinute }: BackofficeTeam): number {
  return requestsPerMinute ?? PLANS[plan ?? "starter"].requestsPerMinute;
}

export function activeKeysLimit({ plan }: BackofficeTeam): number | null {
  return plan === null ? null : PLANS[plan].activeKeysPerTeam;
}

/** What the team's subscription means for its keys, where that is not what one may expect; else null. */
export function subscriptionNotice(team: BackofficeTeam): string | null {
  const { status, activeKeys } = team;
  const limit = activeKeysLimit(team);
  if (status === "canceled") {
    return activeKeys === 0
      ? "No key can be made until the subscription is active again."
      : `The team's active keys (${activeKeys}) are kept, but answered 402 until the subscription is active again, and no key can be made.`;
  }
  if (limit === null || activeKeys < limit) return null;
  return `The team keeps its ${activeKeys} active keys, which go on working. New ones are refused until fewer than ${limit} are active.`;
}
