import { describe, expect, test } from "vitest";
import { createCurrentStore, type StoreNews } from "./current-store.ts";
import { rateLimitPolicy } from "./gcra.ts";
import { createMemoryStore } from "./memory-store.ts";

const POLICY = rateLimitPolicy(100, 60);

/** A process: what it hears of changes, its clock, its lease, and what the row says when it reads it. */
function aProcess() {
  const state = { now: 0, isLeased: true, row: "first", reads: 0, fills: true, failure: null as Error | null };
  const listeners: ((subject: string) => void)[] = [];
  const news: StoreNews = {
    leasedTime: () => (state.isLeased ? 0 : null),
    beginFill: () => ({ admits: () => state.fills, end: () => undefined }),
    onChange: (listener) => void listeners.push(listener),
  };
  const stores = new Map<string, { taken: number }>();
  const current = createCurrentStore({
    async read() {
      state.reads += 1;
      await Promise.resolve();
      if (state.failure !== null) throw state.failure;
      const counted = stores.get(state.row) ?? { taken: 0 };
      stores.set(state.row, counted);
      const memory = createMemoryStore({ now: () => 0 });
      return {
        take: (name, policy) => ((counted.taken += 1), memory.take(name, policy)),
        giveBack: () => undefined,
      };
    },
    news,
    subject: "l:store",
    monotonic: () => state.now,
  });
  const takenFrom = (row: string) => stores.get(row)?.taken ?? 0;
  const hear = (subject: string) => listeners.forEach((listener) => listener(subject));
  return { state, current, takenFrom, hear, take: async () => current.take("key:1", POLICY) };
}

describe("the store in use", () => {
  test("is read once under a lease, however long it lasts, and asked without waiting", async () => {
    const { state, current, take } = aProcess();
    await current.refresh();
    state.now = 3_600_000;
    expect(current.take("key:1", POLICY)).not.toBeInstanceOf(Promise);
    await take();
    expect(state.reads).toBe(1);
  });

  test("is the new one for every call after a change was heard of", async () => {
    const { state, current, take, takenFrom, hear } = aProcess();
    await current.refresh();
    state.row = "second";
    hear("l:store");
    await Promise.all([take(), take()]);
    expect([takenFrom("first"), takenFrom("second"), state.reads]).toEqual([0, 2, 2]);
  });

  test("is read after the change, also when a reading sent before it is under way and fails", async () => {
    const { state, current, take, takenFrom } = aProcess();
    state.failure = new Error("There is no row yet.");
    const early = current.look();
    await Promise.resolve();
    state.row = "second";
    const own = current.refresh();
    state.failure = null;
    await Promise.all([early, own]);
    await take();
    expect(takenFrom("second")).toBe(1);
  });

  test("is read again when a change is heard of while it is read", async () => {
    const { state, current, take, takenFrom, hear } = aProcess();
    const reading = current.refresh();
    hear("*");
    state.row = "second";
    await reading;
    await take();
    expect([takenFrom("first"), takenFrom("second"), state.reads]).toEqual([0, 1, 2]);
  });

  test("is not read for changes that concern others", async () => {
    const { state, current, hear } = aProcess();
    await current.refresh();
    hear("k:key_1");
    expect(state.reads).toBe(1);
  });

  test.each([
    ["without a lease", { isLeased: false }],
    ["read when no lease covered it", { fills: false }],
  ])("%s is read again after a second, once for all calls", async (_, without) => {
    const { state, current, take, takenFrom } = aProcess();
    Object.assign(state, without);
    await current.refresh();
    state.now = 999;
    await take();
    expect(state.reads).toBe(1);
    state.now = 1_000;
    state.row = "second";
    await Promise.all([take(), take(), take()]);
    expect([state.reads, takenFrom("first"), takenFrom("second")]).toEqual([2, 1, 3]);
  });

  test("that cannot be read counts nowhere, and is read again by the next call", async () => {
    const { state, current, take, takenFrom } = aProcess();
    state.isLeased = false;
    await current.refresh();
    state.now = 1_000;
    state.failure = new Error("The database is away.");
    await expect(take()).rejects.toThrow("away");
    state.failure = null;
    await take();
    expect(takenFrom("first")).toBe(1);
  });
});
