import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SimulatedWorld, type Fault } from "../../../test/coherence/simulated-world.ts";

// The real lease and the real barrier in a world in which anything may be late, lost, frozen or dead. Whatever rule is
// broken there, this property finds it: `pnpm test:model` does the same for the protocol, with spin.

const choices = fc.array(fc.nat(9_999), { minLength: 300, maxLength: 300 });

/** What went wrong in one world, and how often memory was used in it. */
async function live(steps: readonly number[], fault: Fault | null) {
  const world = new SimulatedWorld(fault);
  // Half of them from the middle of things, half from a start.
  if ((steps[0] ?? 0) % 2 === 0) await world.warmUp();
  for (const choice of steps) {
    await world.step(choice);
    if (world.violations.length > 0) break;
  }
  return world;
}

test(
  "no key is accepted once its revocation was acknowledged, or once it has expired",
  { timeout: 60_000 },
  async () => {
    let used = 0;
    await fc.assert(
      fc.asyncProperty(choices, async (steps) => {
        const world = await live(steps, null);
        used += world.acceptedFromMemory;
        expect(world.violations).toEqual([]);
      }),
      { numRuns: 300 },
    );
    expect(used, "keys accepted from memory").toBeGreaterThan(1_000);
  },
);

/** Each with a seed that finds it within a hundred worlds: others do too, some of them only after thousands. */
const FAULTS: readonly (readonly [Fault, number])[] = [
  ["R1 expiry is judged by the time of the lease's beginning", 1],
  ["R2 a revocation notifies nobody", 1],
  ["R3 the lease counts from when its heartbeat came back", 102],
  ["R3 the lease does not wait for its heartbeat to come back", 5],
  ["R3 the lease is looked at by a timer", 3],
  ["R4 the rows are read before the change is committed", 7],
  ["R4 nobody is waited for", 1],
  ["R4 a row is deleted although it was renewed", 4],
  ["R4 a barrier is acknowledged before what came before it is handled", 15],
  ["R5 a call that changed nothing does not wait", 1],
  ["R6 what was invalidated on its way is remembered", 9],
  ["R6 what was on its way when the session ended is remembered", 2],
  ["R6 a new session goes on with the old memory", 6],
  ["R7 a pooler is taken for PostgreSQL", 3],
];

describe("with one rule broken, one is:", () => {
  test.each(FAULTS)("%s", { timeout: 60_000 }, async (fault, seed) => {
    const property = fc.asyncProperty(choices, async (steps) => (await live(steps, fault)).violations.length === 0);
    const { failed } = await fc.check(property, { seed, numRuns: 100, endOnFailure: true });
    expect(failed, "found").toBe(true);
  });
});
