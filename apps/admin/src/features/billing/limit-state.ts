/** How much of a limit is used: `used` null is not known, `limit` null is no limit. */
export interface LimitUse {
  readonly used: number | null;
  readonly limit: number | null;
}

export type LimitState = "unknown" | "unlimited" | "room" | "near" | "reached" | "over";

const NEAR = 0.8;

/** Where a use stands. Near means that the next few are the last. */
export function limitState({ used, limit }: LimitUse): LimitState {
  if (used === null) return "unknown";
  if (limit === null) return "unlimited";
  if (used > limit) return "over";
  if (used === limit) return "reached";
  return used >= limit * NEAR ? "near" : "room";
}
