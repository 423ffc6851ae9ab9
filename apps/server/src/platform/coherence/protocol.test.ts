import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SimulatedWorld, type Fault } from "../../../test/coherence/simulated-world.ts";

// The real lease and the real barrier in a world in which anything may be late, lost, frozen or dead. Whatever rule is
// broken there, this property finds it: `pnpm test:model` does the same for the protocol, with spin.

const choices = fc.array(fc.nat(9_999), { minLength: 400, maxLength: 400 });

/** What went wrong in one world, and how often memory was used in it. */
async function live(steps: readonly number[], fault: Fault | null) {
  const world = new SimulatedWorld(fault);
  for (const choice of steps) {
    await world.step(choice);
    if (world.violations.length > 0) break;
  }
  return world;
}

test("no key is accepted once its revocation was acknowledged, or once it has expired", async () => {
  let used = 0;
  await fc.assert(
    fc.asyncProperty(choices, async (steps) => {
      const world = await live(steps, null);
      used += world.acceptedFromMemory;
      expect(world.violations).toEqual([]);
    }),
    { numRuns: 500 },
  );
  expect(used, "keys accepted from memory").toBeGreaterThan(1_000);
});

const FAULTS: readonly Fault[] = [
  "R1 expiry is judged by the time of the lease's beginning",
  "R2 a revocation notifies nobody",
  "R3 the lease counts from when its heartbeat came back",
  "R3 the lease does not wait for its heartbeat to come back",
  "R3 the lease is looked at by a timer",
  "R4 the rows are read before the change is committed",
  "R4 nobody is waited for",
  "R4 a row is deleted although it was renewed",
  "R4 a barrier is acknowledged before what came before it is handled",
  "R5 a call that changed nothing does not wait",
  "R6 what was invalidated on its way is remembered",
  "R6 what was on its way when the session ended is remembered",
  "R6 a new session goes on with the old memory",
  "R7 a pooler is taken for PostgreSQL",
];

describe("with one rule broken, one is:", () => {
  test.each(FAULTS)("%s", async (fault) => {
    const property = fc.asyncProperty(choices, async (steps) => (await live(steps, fault)).violations.length === 0);
    const { failed } = await fc.check(property, { numRuns: 1_000, endOnFailure: true });
    expect(failed, "found").toBe(true);
  });
});
