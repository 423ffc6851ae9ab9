import { RateLimitedError, inSeconds } from "../../platform/rate-limited-error.ts";
import type { LimitedArrival } from "../../platform/rate-limit-report.ts";
import { rateLimitPolicy } from "./gcra.ts";
import type { RateLimitStore } from "./rate-limit-store.ts";

export interface LimitedActor {
  readonly kind: "key" | "session";
  readonly id: string;
  readonly requestsPerMinute: number;
}

/**
 * Step 4 of the order of verification (spec §5): one bucket for each key, and one for each session, whichever door it
 * knocks at. Writes into the arrival what every answer from now on tells.
 * @throws RateLimitedError
 */
export type LimitActor = (actor: LimitedActor, arrival: LimitedArrival) => Promise<void>;

const WINDOW_SECONDS = 60;

export function createActorLimits(store: RateLimitStore): LimitActor {
  return async ({ kind, id, requestsPerMinute }, arrival) => {
    const policy = rateLimitPolicy(requestsPerMinute, WINDOW_SECONDS);
    const decision = await store.take(`${kind}:${id}`, policy);
    const { remaining, secondsUntilFull, retryAfterSeconds } = decision;
    arrival.rateLimit = { kind, ...policy, remaining, secondsUntilFull };
    if (decision.isAdmitted) return;
    throw new RateLimitedError(
      `This ${kind} may send ${policy.limit} requests a minute, and has. Send the next one ${inSeconds(retryAfterSeconds)}.`,
      { retryAfterSeconds, limit: policy.limit },
    );
  };
}
