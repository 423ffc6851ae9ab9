import { expect, test } from "vitest";
import { connectionShares, connectionsInAll } from "./connection-shares.ts";

test("one process has all 80", () => {
  expect(connectionShares(1)).toEqual({
    verification: 32,
    limiter: 8,
    modules: 31,
    coherence: 2,
    health: 2,
    schedule: 2,
    activity: 2,
  });
  expect(connectionsInAll(1)).toBe(80);
});

test("up to five processes share 80", () => {
  for (const processes of [2, 3, 4, 5]) {
    expect(connectionsInAll(processes)).toBeLessThanOrEqual(80);
    expect(connectionsInAll(processes)).toBeGreaterThan(70);
  }
});

test("no pool of any process is too small to work, and more processes take 14 each at most", () => {
  for (let processes = 1; processes <= 64; processes += 1) {
    const { verification, limiter, modules } = connectionShares(processes);
    expect(Math.min(verification, modules)).toBeGreaterThanOrEqual(2);
    expect(limiter).toBeGreaterThanOrEqual(1);
    expect(connectionsInAll(processes)).toBeLessThanOrEqual(Math.max(80, 14 * processes));
  }
});
