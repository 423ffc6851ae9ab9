import { requestsPerMinute } from "@latchkey/types/inputs/backoffice";
import { PLANS, type PlanName as CataloguePlan } from "@latchkey/types/plans";
import type { PlanName, SetTeamSubscriptionInput, SubscriptionStatus } from "../../generated/graphql.ts";

/** What the dialog holds: the override as it is typed. */
export interface SubscriptionValues {
  /** Empty: the team has no subscription yet. */
  readonly plan: PlanName | "";
  readonly status: SubscriptionStatus;
  readonly rate: string;
}

type Change = Omit<SetTeamSubscriptionInput, "teamId">;

/** Digits, as people write large numbers; null for what is no such number. */
export function parseRate(typed: string): number | null {
  const digits = typed.replace(/[\s,._']/g, "");
  if (!/^\d{1,9}$/.test(digits)) return null;
  const parsed = requestsPerMinute.safeParse(Number(digits));
  return parsed.success ? parsed.data : null;
}

export function isRateValid(typed: string): boolean {
  return typed.trim() === "" || parseRate(typed) !== null;
}

/** Only what differs, so that nothing is undone that somebody else changed meanwhile; null when nothing does. */
export function changeOf(before: SubscriptionValues, after: SubscriptionValues): Change | null {
  const rate = after.rate.trim() === "" ? null : parseRate(after.rate);
  const rateBefore = before.rate === "" ? null : Number(before.rate);
  const isNew = before.plan === "";
  const change: Change = {
    ...(after.plan !== "" && after.plan !== before.plan ? { plan: after.plan } : {}),
    ...(isNew || after.status !== before.status ? { status: after.status } : {}),
    ...(rate === rateBefore ? {} : { requestsPerMinute: rate }),
  };
  return Object.keys(change).length === 0 ? null : change;
}

/** What the plan alone allows. */
export function limitsOf(plan: PlanName | "") {
  return plan === "" ? null : PLANS[plan.toLowerCase() as CataloguePlan];
}
