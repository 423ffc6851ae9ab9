import { expect, test } from "vitest";
import { WorkerDeaths } from "./worker-deaths.ts";

test("each death within a minute doubles the pause before the next start, and the fifth ends it", () => {
  const deaths = new WorkerDeaths();
  expect([0, 1_000, 2_000, 3_000, 59_999].map((at) => deaths.add(at))).toEqual([250, 500, 1_000, 2_000, null]);
});

test("deaths of more than a minute ago are forgotten", () => {
  const deaths = new WorkerDeaths();
  for (const at of [0, 0, 0, 0]) deaths.add(at);
  expect(deaths.add(60_000)).toBe(250);
});

test("a worker that dies every 20 seconds is started again for ever", () => {
  const deaths = new WorkerDeaths();
  const pauses = Array.from({ length: 100 }, (_, index) => deaths.add(index * 20_000));
  expect(pauses).not.toContain(null);
});
