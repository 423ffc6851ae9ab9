import fc from "fast-check";
import { expect, test } from "vitest";
import { rateLimitPolicy, takeToken, type Bucket } from "../src/modules/rate-limit/gcra.ts";
import type { RateLimitStore } from "../src/modules/rate-limit/rate-limit-store.ts";

const SECOND = 1_000_000;

/** Microseconds since 1970: where the told clocks begin. */
export const START = 1_795_000_000 * SECOND;

export interface TimedStores {
  /** An empty store; @param takenOverAt microseconds since START, whole milliseconds; null: the first store */
  open(takenOverAt: number | null): Promise<RateLimitStore> | RateLimitStore;
  /** What the clock says that the stores read, in microseconds since START. */
  setClock(now: number): Promise<void> | void;
}

let named = 0;
const newName = () => `bucket:${(named += 1)}`;

/**
 * What every store of rate limits guarantees: it decides like gcra.ts. The arithmetic itself is gcra.test.ts's; here a
 * round is many calls of the store.
 */
export function testStore(timed: () => TimedStores, rounds: number): void {
  test("decides like GCRA itself, whatever the pauses, steps of the clock, changes of plan and of the store", async () => {
    const limit = fc.oneof(fc.constantFrom(1, 2, 3, 7, 60), fc.integer({ min: 1, max: 8_000 }));
    const pause = fc.oneof(fc.constant(0), fc.integer({ min: -SECOND, max: 90 * SECOND }));
    const calls = fc.array(fc.tuple(pause, limit), { minLength: 1, maxLength: 25 });
    const takeOvers = fc.option(fc.integer({ min: -120, max: 120 }).map((seconds) => seconds * SECOND));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), calls, takeOvers, async (firstLimit, sequence, takenOverAt) => {
        const { open, setClock } = timed();
        const store = await open(takenOverAt);
        const name = newName();
        let now = 0;
        let bucket: Bucket | null = null;
        for (const [pauseFor, nextLimit] of [
          ...Array.from({ length: 7 }, () => [0, firstLimit] as const),
          ...sequence,
        ]) {
          now += pauseFor;
          await setClock(now);
          const policy = rateLimitPolicy(nextLimit, 60);
          const expected = takeToken(bucket, START + now, policy, takenOverAt === null ? null : START + takenOverAt);
          bucket = expected.bucket;
          expect(await store.take(name, policy)).toEqual(expected.decision);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("refuses none of a minute of 9 calls a second under 600 a minute", async () => {
    const { open, setClock } = timed();
    const store = await open(null);
    const name = newName();
    let refused = 0;
    for (let call = 0; call < 540; call += 1) {
      await setClock(Math.floor((call * SECOND) / 9));
      refused += (await store.take(name, rateLimitPolicy(600, 60))).isAdmitted ? 0 : 1;
    }
    expect(refused).toBe(0);
  });

  test("admits every sole retry after Retry-After", async () => {
    const { open, setClock } = timed();
    const store = await open(null);
    let admitted = 0;
    for (let round = 0; round < rounds; round += 1) {
      const name = newName();
      const policy = rateLimitPolicy((round % 3) + 1, 7 + (round % 600));
      let now = round * 1_003;
      await setClock(now);
      let decision = await store.take(name, policy);
      while (decision.isAdmitted) decision = await store.take(name, policy);
      now += decision.retryAfterSeconds * SECOND;
      await setClock(now);
      admitted += (await store.take(name, policy)).isAdmitted ? 1 : 0;
    }
    expect(admitted).toBe(rounds);
  });

  test("admits exactly the capacity of calls that come at once", async () => {
    const { open, setClock } = timed();
    const store = await open(null);
    await setClock(0);
    const name = newName();
    const decisions = await Promise.all(
      Array.from({ length: 200 }, () => Promise.resolve(store.take(name, rateLimitPolicy(60, 60)))),
    );
    expect(decisions.filter(({ isAdmitted }) => isAdmitted)).toHaveLength(60);
  });

  test("takes a token back", async () => {
    const { open, setClock } = timed();
    const store = await open(null);
    await setClock(0);
    const name = newName();
    const policy = rateLimitPolicy(1, 600);
    await store.take(name, policy);
    expect(await store.take(name, policy)).toMatchObject({ isAdmitted: false, retryAfterSeconds: 600 });
    await store.giveBack(name, policy);
    expect(await store.take(name, policy)).toMatchObject({ isAdmitted: true });
  });

  test("that took over admits one call of a key at once, and then as many as refill", async () => {
    const { open, setClock } = timed();
    const store = await open(0);
    const policy = rateLimitPolicy(6, 60);
    const name = newName();
    const admittedAt = async (seconds: number) => {
      await setClock(seconds * SECOND);
      const decisions = await Promise.all(Array.from({ length: 9 }, async () => store.take(name, policy)));
      return decisions.filter(({ isAdmitted }) => isAdmitted).length;
    };
    expect([await admittedAt(0), await admittedAt(10), await admittedAt(35)]).toEqual([1, 1, 2]);
    // Whoever comes later finds what has refilled since, and after a window nothing is missing.
    const late = newName();
    await setClock(35 * SECOND);
    expect(await store.take(late, policy)).toMatchObject({ isAdmitted: true, remaining: 3 });
    await setClock(60 * SECOND);
    expect(await store.take(newName(), policy)).toMatchObject({ isAdmitted: true, remaining: 5 });
  });
}
