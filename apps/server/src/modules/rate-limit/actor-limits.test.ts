import { expect, test } from "vitest";
import { blankCallNotes } from "../../platform/call-notes.ts";
import { createActorLimits } from "./actor-limits.ts";
import { createMemoryStore } from "./memory-store.ts";
import type { RateLimitStore } from "./rate-limit-store.ts";

const key = { kind: "key", id: "key_1", requestsPerMinute: 60 } as const;
const anArrival = () => ({ ip: "127.0.0.1", notes: blankCallNotes(), rateLimit: null });

/** As a database or a Redis that hangs. */
const silent: RateLimitStore = { take: () => new Promise(() => undefined), giveBack: () => undefined };

test("a store that does not answer is 503 when the look-up before it has used up the 2 s", async () => {
  const limit = createActorLimits(silent);
  const startedAt = performance.now() - 1_850;
  await expect(limit(key, anArrival(), startedAt)).rejects.toMatchObject({ code: "unavailable", status: 503 });
});

test("what a store decides in time is told in the arrival, and a memory's costs no wait", async () => {
  const limit = createActorLimits(createMemoryStore({ now: () => 0 }));
  const arrival = anArrival();
  // Long past: what is decided at once is never late.
  await limit(key, arrival, performance.now() - 60_000);
  expect(arrival.rateLimit).toEqual({ kind: "key", limit: 60, windowSeconds: 60, remaining: 59, secondsUntilFull: 1 });
});
