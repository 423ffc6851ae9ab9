import type { RateLimitDecision, RateLimitPolicy } from "./gcra.ts";

/** What somebody waits for, of one bucket. */
export interface BucketCall {
  readonly kind: "take" | "give back";
  readonly policy: RateLimitPolicy;
  readonly decided: (decision: RateLimitDecision | null) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Takes those calls from the front of a bucket's queue that can be decided at once: of one kind and under one policy.
 * After a change of plan in between, those behind it are decided under the new one.
 */
export function takeAlike(queue: BucketCall[]): BucketCall[] {
  const [first] = queue;
  if (first === undefined) return [];
  const others = queue.findIndex((call) => call.kind !== first.kind || call.policy.limit !== first.policy.limit);
  return queue.splice(0, others === -1 ? queue.length : others);
}
