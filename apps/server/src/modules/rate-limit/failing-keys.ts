import { networkOf } from "../../platform/client-address.ts";
import { RateLimitedError, inSeconds } from "../../platform/rate-limited-error.ts";
import { rateLimitPolicy } from "./gcra.ts";
import { createMemoryStore } from "./memory-store.ts";

/** Counts a key that was refused; what to answer in place of the refusal when its address has sent too many. */
export type LimitFailingKey = (ip: string) => RateLimitedError | null;

const POLICY = rateLimitPolicy(60, 60);

/** About 20 MB at most, whoever sends from how many addresses. */
const MAX_ADDRESSES = 100_000;

/**
 * In the memory of each process, whatever keeps the other buckets: a malformed key must not cost a database access, and
 * nothing is admitted by this. It only hides from a guesser which refusal it was; the secret's 190 bits do the rest.
 * Asked only for keys that failed, so that a key which verifies is never refused for its address.
 */
export function createFailingKeyLimit(now: () => number): LimitFailingKey {
  const store = createMemoryStore({ now, maxBuckets: MAX_ADDRESSES });
  return (ip) => {
    const { isAdmitted, retryAfterSeconds } = store.take(networkOf(ip), POLICY);
    if (isAdmitted) return null;
    return new RateLimitedError(
      `Too many keys from this address were refused. Check the key, and send the next request ${inSeconds(retryAfterSeconds)}. A key that is right is never refused for its address.`,
      { retryAfterSeconds, limit: POLICY.limit },
    );
  };
}
