import { effectivePlan, PLANS } from "./plans.ts";

/** What holds where no team's plan does: for sessions without a team, and for teams without a subscription. */
export const LEAST_REQUESTS_PER_MINUTE = PLANS.starter.requestsPerMinute;

/**
 * How many requests a minute a team's keys and sessions have each: what the backoffice set, else what the plan says.
 * @param plan as it is stored; null, or a word that is no plan, has the least
 * @param override as it is stored; null for none
 */
export function requestsPerMinute(plan: string | null, override: number | null): number {
  return override ?? PLANS[effectivePlan(plan)].requestsPerMinute;
}
