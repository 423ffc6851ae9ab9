import { unavailable } from "../../platform/domain-error.ts";
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
 * @param startedAt when its verification began, by the clock of `performance.now()`: a store that hangs has only what the
 * look-up before it has left of the time
 * @throws RateLimitedError
 */
export type LimitActor = (actor: LimitedActor, arrival: LimitedArrival, startedAt: number) => Promise<void>;

const WINDOW_SECONDS = 60;

/** What is left of these is for the answer: one that cannot be given has to be out within 2 s (spec §5). */
const PATIENCE_MILLISECONDS = 1_850;

export function createActorLimits(store: RateLimitStore): LimitActor {
  return async ({ kind, id, requestsPerMinute }, arrival, startedAt) => {
    const policy = rateLimitPolicy(requestsPerMinute, WINDOW_SECONDS);
    const deciding = store.take(`${kind}:${id}`, policy);
    const decision = deciding instanceof Promise ? await until(startedAt + PATIENCE_MILLISECONDS, deciding) : deciding;
    const { remaining, secondsUntilFull, retryAfterSeconds } = decision;
    arrival.rateLimit = { kind, ...policy, remaining, secondsUntilFull };
    if (decision.isAdmitted) return;
    throw new RateLimitedError(
      `This ${kind} may send ${policy.limit} requests a minute, and has. Send the next one ${inSeconds(retryAfterSeconds)}.`,
      { retryAfterSeconds, limit: policy.limit },
    );
  };
}

/** Rejects when the instant has passed; what is asked goes on, and at worst takes a token that nobody uses. */
async function until<Result>(deadline: number, outcome: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const tell = () => reject(unavailable(new Error("The store of rate limits did not answer in time.")));
    // Only after all that has arrived was read: this process itself may have been what was late.
    timer = setTimeout(() => setImmediate(tell), Math.max(0, deadline - performance.now()));
  });
  try {
    return await Promise.race([outcome, late]);
  } finally {
    clearTimeout(timer);
  }
}
