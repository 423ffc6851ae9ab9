import { expect, test } from "vitest";
import { createUsageReader, notConnected, type UsageSource } from "./usage-source.ts";

const UNKNOWN = { adAccounts: null, monthlyAdSpendUsd: null };

function reading(source: UsageSource, patienceMilliseconds = 60_000) {
  const failures: unknown[] = [];
  const read = createUsageReader({ source, onFailure: (error) => failures.push(error), patienceMilliseconds });
  return { read: () => read("team_1"), failures };
}

test("without a product around it nothing is known, and nothing is made up", async () => {
  const { read, failures } = reading(notConnected);
  expect([await read(), failures]).toEqual([UNKNOWN, []]);
});

test("the product is asked about the team, and its figures are passed on", async () => {
  const figures = { adAccounts: 3, monthlyAdSpendUsd: 1_234.5 };
  const { read } = reading(async (teamId) => (teamId === "team_1" ? figures : null));
  expect(await read()).toEqual({ adAccounts: 3, monthlyAdSpendUsd: 1_235 });
});

test("a product that fails costs its figures and nothing else", async () => {
  const { read, failures } = reading(() => Promise.reject(new Error("down")));
  expect(await read()).toEqual(UNKNOWN);
  expect(failures).toEqual([new Error("down")]);
});

test("a product that does not answer is not waited for", async () => {
  let told: AbortSignal | null = null;
  const { read, failures } = reading((_teamId, signal) => {
    told = signal;
    return new Promise<never>(() => undefined);
  }, 1);
  expect(await read()).toEqual(UNKNOWN);
  expect(failures).toHaveLength(1);
  expect(told).toHaveProperty("aborted", true);
});

test.each([Number.NaN, -1, Number.POSITIVE_INFINITY])(
  "a figure that cannot be, such as %s, is not known",
  async (value) => {
    const { read } = reading(async () => ({ adAccounts: value, monthlyAdSpendUsd: 5 }));
    expect(await read()).toEqual({ adAccounts: null, monthlyAdSpendUsd: 5 });
  },
);

test("a figure that no door can carry is cut to what it can", async () => {
  const { read } = reading(async () => ({ adAccounts: 2, monthlyAdSpendUsd: 9e12 }));
  expect(await read()).toEqual({ adAccounts: 2, monthlyAdSpendUsd: 2_147_483_647 });
});
