import type { RateLimitDecision, RateLimitPolicy } from "./gcra.ts";

/** Where buckets are kept. Whatever the store, each call is decided by GCRA, and exactly, however many come at once. */
export interface RateLimitStore {
  /** Takes a token from the bucket of this name, or says when there will be one. Rejects when it cannot be asked. */
  take(name: string, policy: RateLimitPolicy): Promise<RateLimitDecision> | RateLimitDecision;
  /** Puts one token back that `take` gave. */
  giveBack(name: string, policy: RateLimitPolicy): Promise<void> | void;
}
