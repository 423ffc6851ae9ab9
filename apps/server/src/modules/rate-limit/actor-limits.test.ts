import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { answeredWithin } from "../../../test/within.ts";
import { blankCallNotes } from "../../platform/call-notes.ts";
import { createActorLimits } from "./actor-limits.ts";
import { createMemoryStore } from "./memory-store.ts";
import type { RateLimitStore } from "./rate-limit-store.ts";

const key = { kind: "key", id: "key_1", requestsPerMinute: 60 } as const;
const anArrival = () => ({ ip: "127.0.0.1", notes: blankCallNotes(), rateLimit: null });

/** Another thread that answers when it is asked, and says so without a message. */
const ANSWERING = `
  const { parentPort, workerData: asked } = require("node:worker_threads");
  Atomics.wait(asked, 0, 0);
  parentPort.postMessage("decided");
  Atomics.store(asked, 1, 1);
  Atomics.notify(asked, 1);`;

/** As a database or a Redis that hangs. */
const silent: RateLimitStore = { take: () => new Promise(() => undefined), giveBack: () => undefined };

test("a store that does not answer is 503 within 2 s", async () => {
  const limit = createActorLimits(silent);
  const asking = answeredWithin(2_000, () => limit(key, anArrival(), performance.now()));
  await expect(asking).rejects.toMatchObject({ code: "unavailable", status: 503 });
});

test("a store that has answered is heard, also when this process was too busy to look before the time was over", async () => {
  const asked = new Int32Array(new SharedArrayBuffer(8));
  const other = new Worker(ANSWERING, { eval: true, workerData: asked });
  await once(other, "online");
  const memory = createMemoryStore({ now: () => 0 });
  const remote: RateLimitStore = {
    take: async (name, policy) => {
      await once(other, "message");
      return memory.take(name, policy);
    },
    giveBack: () => undefined,
  };
  const arrival = anArrival();
  // From here on the event loop comes to its timers first, and to what has arrived after them.
  await setImmediate();
  const deciding = createActorLimits(remote)(key, arrival, performance.now() - 1_850);
  Atomics.store(asked, 0, 1);
  Atomics.notify(asked, 0);
  Atomics.wait(asked, 1, 0);
  const busyUntil = performance.now() + 5;
  while (performance.now() < busyUntil);
  await deciding;
  expect(arrival.rateLimit).not.toBeNull();
  await other.terminate();
});

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
