import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { giveTokenBack, rateLimitPolicy, takeToken, type Bucket } from "./gcra.ts";

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const START = 1_795_000_000 * SECOND;

/** Also limits that do not divide a minute. */
const limits = fc.oneof(fc.constantFrom(1, 7, 60, 600, 1_200, 6_000), fc.integer({ min: 1, max: 10_000 }));

/** One bucket under one policy, and a clock. */
function bucketUnder(limit: number) {
  const policy = rateLimitPolicy(limit, 60);
  let bucket: Bucket | null = null;
  return (now: number) => {
    const taken = takeToken(bucket, START + now, policy);
    bucket = taken.bucket;
    return taken.decision;
  };
}

describe("GCRA", () => {
  test("traffic with at most N calls in every 60 s is never refused, however it comes and however long", () => {
    const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 * MINUTE })), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), gaps, (limit, pauses) => {
        const take = bucketUnder(limit);
        const times: number[] = [];
        let now = 0;
        for (const pause of pauses) {
          now += pause;
          // The earliest instant at which this call makes no window of 60 s hold more than N.
          const oldest = times.at(-limit);
          if (oldest !== undefined) now = Math.max(now, oldest + MINUTE);
          times.push(now);
          expect(take(now).isAdmitted).toBe(true);
        }
      }),
    );
  });

  test("a client at exactly its rate is never refused, also where a microsecond does not divide it", () => {
    fc.assert(
      fc.property(limits, (limit) => {
        const take = bucketUnder(limit);
        let refused = 0;
        for (let call = 0; call < limit; call += 1) refused += take(0).isAdmitted ? 0 : 1;
        for (let call = 1; call <= 3_000; call += 1) {
          refused += take(Math.ceil((call * MINUTE) / limit)).isAdmitted ? 0 : 1;
        }
        expect(refused).toBe(0);
      }),
    );
  });

  test("any s seconds admit at most N + floor(N·s/60)", () => {
    const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 * SECOND })), { maxLength: 400 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), gaps, (limit, pauses) => {
        const take = bucketUnder(limit);
        const admitted: number[] = [];
        let now = 0;
        for (const pause of pauses) {
          now += pause;
          if (take(now).isAdmitted) admitted.push(now);
        }
        const excess = admitted.flatMap((from, first) =>
          admitted
            .slice(first)
            .map((until, more) => more + 1 - (limit + Math.floor((limit * (until - from)) / MINUTE)))
            .filter((calls) => calls > 0),
        );
        expect(excess).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test("a sole retry after Retry-After is admitted, 1,000 times of 1,000, and one a second earlier is not", () => {
    let retries = 0;
    fc.assert(
      fc.property(limits, fc.integer({ min: 0, max: 5 * MINUTE }), (limit, start) => {
        const take = bucketUnder(limit);
        let now = start;
        let decision = take(now);
        while (decision.isAdmitted) decision = take(now);
        expect(decision.remaining).toBe(0);
        expect(Number.isInteger(decision.retryAfterSeconds) && decision.retryAfterSeconds >= 1).toBe(true);
        if (decision.retryAfterSeconds > 1) {
          expect(take(now + (decision.retryAfterSeconds - 1) * SECOND).isAdmitted).toBe(false);
        }
        now += decision.retryAfterSeconds * SECOND;
        expect(take(now).isAdmitted).toBe(true);
        retries += 1;
      }),
      { numRuns: 1_000 },
    );
    expect(retries).toBe(1_000);
  });

  test("a minute of 9 calls a second under 600 a minute: none refused", () => {
    const take = bucketUnder(600);
    const refused = Array.from({ length: 540 }, (_, call) => take((call * SECOND) / 9)).filter((d) => !d.isAdmitted);
    expect(refused).toEqual([]);
  });

  test("says how many calls are left, and when all are back", () => {
    const take = bucketUnder(600);
    expect(take(0)).toMatchObject({ isAdmitted: true, remaining: 599, secondsUntilFull: 1, retryAfterSeconds: 0 });
    for (let call = 0; call < 299; call += 1) take(0);
    expect(take(0)).toMatchObject({ remaining: 299, secondsUntilFull: 31 });
  });

  test("a clock that is set back refuses for a minute at most", () => {
    const policy = rateLimitPolicy(60, 60);
    const far: Bucket = { tat: START + 24 * 60 * MINUTE, fraction: 0 };
    const refused = takeToken(far, START, policy);
    expect(refused.decision).toMatchObject({ isAdmitted: false, retryAfterSeconds: 1 });
    expect(refused.bucket.tat).toBe(START + MINUTE);
    expect(takeToken(refused.bucket, START + MINUTE, policy).decision.remaining).toBe(59);
  });

  test("another plan on the way keeps what share of the bucket is spent, and gives no capacity twice", () => {
    fc.assert(
      fc.property(limits, limits, fc.integer({ min: 0, max: 200 }), (before, after, calls) => {
        let bucket: Bucket | null = null;
        for (let call = 0; call < calls; call += 1)
          bucket = takeToken(bucket, START, rateLimitPolicy(before, 60)).bucket;
        const policy = rateLimitPolicy(after, 60);
        let admitted = 0;
        for (;;) {
          const taken = takeToken(bucket, START, policy);
          if (!taken.decision.isAdmitted) break;
          bucket = taken.bucket;
          admitted += 1;
        }
        const share = Math.max(0, 1 - calls / before);
        expect(Math.abs(admitted - share * after)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  test("a token that was given back can be taken again, and a full bucket stays full", () => {
    const policy = rateLimitPolicy(7, 600);
    let bucket: Bucket | null = null;
    for (let call = 0; call < 7; call += 1) bucket = takeToken(bucket, START, policy).bucket;
    expect(takeToken(bucket, START, policy).decision.isAdmitted).toBe(false);
    const again = takeToken(giveTokenBack(bucket as Bucket, START, policy), START, policy);
    expect(again.decision).toMatchObject({ isAdmitted: true, remaining: 0 });
    expect(giveTokenBack({ tat: START, fraction: 0 }, START, policy)).toEqual({ tat: START, fraction: 0 });
  });

  test("a limit beyond what a double counts exactly is the largest that it does", () => {
    const policy = rateLimitPolicy(2_147_483_647, 60);
    expect(policy.limit * policy.windowSeconds * SECOND).toBeLessThan(Number.MAX_SAFE_INTEGER);
    expect(takeToken(null, START, policy).decision.isAdmitted).toBe(true);
  });
});
