import type { KeyAllowanceQuery } from "../../generated/graphql.ts";

/** Why the plan allows no further key now: whose cap is reached, or that the subscription has ended. */
export type KeyObstacle =
  | { readonly kind: "canceled" }
  | { readonly kind: "team" | "creator"; readonly active: number; readonly limit: number };

/** Null where there is room, and where it is not known: the server decides in the end. */
export function keyObstacle(allowance: KeyAllowanceQuery | undefined): KeyObstacle | null {
  if (allowance === undefined) return null;
  const { subscription, usage } = allowance;
  if (subscription === null || !subscription.isUsable) return { kind: "canceled" };
  if (usage === null) return null;
  const limits = [
    { kind: "team", ...usage.activeKeys },
    { kind: "creator", ...usage.ownActiveKeys },
  ] as const;
  for (const { kind, used, limit } of limits) {
    if (used !== null && limit !== null && used >= limit) return { kind, active: used, limit };
  }
  return null;
}
