/** At most `limit` calls at once, refilled continuously over `windowSeconds`. */
export interface RateLimitPolicy {
  readonly limit: number;
  readonly windowSeconds: number;
}

/**
 * How far a bucket is spent. `tat` (theoretical arrival time): the instant at which it is full again, in microseconds
 * of the store's clock. `fraction`: what `tat` is beyond that, in parts of 1/limit of a microsecond. With it all is
 * whole numbers, so that a limit which does not divide the window is neither overdrawn nor refused early, however long
 * a client keeps at it.
 */
export interface Bucket {
  readonly tat: number;
  readonly fraction: number;
}

export interface RateLimitDecision {
  readonly isAdmitted: boolean;
  readonly policy: RateLimitPolicy;
  /** Calls that would be admitted now, after this one. */
  readonly remaining: number;
  readonly secondsUntilFull: number;
  /** A sole call after so many seconds is admitted. At least 1; 0 for a call that was admitted. */
  readonly retryAfterSeconds: number;
}

const MICROSECONDS = 1_000_000;

/** Above this the arithmetic below would leave the whole numbers that a double holds. */
const LARGEST_LIMIT = 10_000_000;

export function rateLimitPolicy(limit: number, windowSeconds: number): RateLimitPolicy {
  return { limit: Math.min(limit, LARGEST_LIMIT), windowSeconds };
}

/**
 * The generic cell rate algorithm (ITU-T I.371), as a token bucket told by one instant. Pure: the same bucket at the
 * same instant always gets the same answer. Debt is counted in units of 1/limit of a microsecond: a call costs the
 * window's microseconds, a microsecond pays back `limit`, and the bucket holds `limit` calls.
 *
 * A clock that was set back would leave `tat` far ahead: it counts as a full window at most.
 *
 * A store that took over from another knows nothing of what was taken there: no bucket of it is fuller than one that had
 * a single token at that instant and has refilled since. So a change of stores admits no capacity a second time.
 * @param bucket null: never used, so full
 * @param now microseconds, by the clock that `tat` is told by
 * @param takenOverAt when the store took over, by the same clock; null: it is the first
 */
export function takeToken(
  bucket: Bucket | null,
  now: number,
  policy: RateLimitPolicy,
  takenOverAt: number | null = null,
): { readonly bucket: Bucket; readonly decision: RateLimitDecision } {
  const cost = policy.windowSeconds * MICROSECONDS;
  const debt = Math.max(bucket === null ? 0 : debtOf(bucket, now, policy), debtSince(takenOverAt, now, policy));
  const isAdmitted = debt + cost <= capacityOf(policy);
  const debtAfter = isAdmitted ? debt + cost : debt;
  return { bucket: bucketOf(debtAfter, now, policy), decision: decisionFor(isAdmitted, debtAfter, policy) };
}

/** The bucket as if one admitted call had not been made. */
export function giveTokenBack(bucket: Bucket, now: number, policy: RateLimitPolicy): Bucket {
  const cost = policy.windowSeconds * MICROSECONDS;
  return bucketOf(Math.max(debtOf(bucket, now, policy) - cost, 0), now, policy);
}

/**
 * What each of `calls` is told that a store decided together, elsewhere: the first `admitted` of them were admitted, and
 * left the bucket as it is.
 * @param now a reading of the store's clock after it decided
 */
export function describeDecisions(
  { calls, admitted }: { readonly calls: number; readonly admitted: number },
  bucket: Bucket,
  now: number,
  policy: RateLimitPolicy,
): RateLimitDecision[] {
  const cost = policy.windowSeconds * MICROSECONDS;
  const debt = debtOf(bucket, now, policy);
  return Array.from({ length: calls }, (_, call) => {
    const admittedAfter = Math.max(admitted - call - 1, 0);
    return decisionFor(call < admitted, Math.max(debt - admittedAfter * cost, 0), policy);
  });
}

function capacityOf({ limit, windowSeconds }: RateLimitPolicy): number {
  return limit * windowSeconds * MICROSECONDS;
}

function debtOf({ tat, fraction }: Bucket, now: number, policy: RateLimitPolicy): number {
  const { limit, windowSeconds } = policy;
  const ahead = Math.min(tat - now, windowSeconds * MICROSECONDS);
  // Under another limit a fraction had other parts: less than a microsecond either way.
  return Math.min(Math.max(ahead * limit + Math.min(fraction, limit - 1), 0), capacityOf(policy));
}

/** All but one token, at that instant, and refilled since. */
function debtSince(takenOverAt: number | null, now: number, policy: RateLimitPolicy): number {
  if (takenOverAt === null) return 0;
  const cost = policy.windowSeconds * MICROSECONDS;
  return Math.max(debtOf({ tat: takenOverAt + cost, fraction: 0 }, now, policy) - cost, 0);
}

function bucketOf(debt: number, now: number, { limit }: RateLimitPolicy): Bucket {
  return { tat: now + Math.floor(debt / limit), fraction: debt % limit };
}

function decisionFor(isAdmitted: boolean, debt: number, policy: RateLimitPolicy): RateLimitDecision {
  const { limit, windowSeconds } = policy;
  const cost = windowSeconds * MICROSECONDS;
  const perSecond = limit * MICROSECONDS;
  const missing = debt + cost - capacityOf(policy);
  return {
    isAdmitted,
    policy,
    remaining: Math.floor((capacityOf(policy) - debt) / cost),
    secondsUntilFull: Math.ceil(debt / perSecond),
    retryAfterSeconds: isAdmitted ? 0 : Math.max(1, Math.ceil(missing / perSecond)),
  };
}
