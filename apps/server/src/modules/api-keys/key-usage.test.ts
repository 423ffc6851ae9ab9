import { expect, test } from "vitest";
import { usageOf } from "./key-usage.ts";

const NOW = new Date("2026-03-29T01:30:00.000Z");

test("hours and days are those of UTC, the last of them the running one, and none is left out", () => {
  const hours = usageOf([], "LAST_24_HOURS", NOW).buckets.map(({ start }) => start.toISOString());
  expect(hours).toHaveLength(24);
  expect([hours[0], hours[23]]).toEqual(["2026-03-28T02:00:00.000Z", "2026-03-29T01:00:00.000Z"]);
  const days = usageOf([], "LAST_7_DAYS", NOW).buckets.map(({ start }) => start.toISOString());
  expect(days).toHaveLength(7);
  expect([days[0], days[6]]).toEqual(["2026-03-23T00:00:00.000Z", "2026-03-29T00:00:00.000Z"]);
  expect(usageOf([], "LAST_30_DAYS", NOW).buckets[0]?.start.toISOString()).toBe("2026-02-28T00:00:00.000Z");
});

test("calls are counted once, refused ones by their reason too, and the reasons add up to the buckets", () => {
  const at = (day: number) => new Date(Date.UTC(2026, 2, day));
  const { buckets, refusals } = usageOf(
    [
      { start: at(28), code: "", calls: 5 },
      { start: at(28), code: "rate_limited", calls: 2 },
      { start: at(29), code: "permission_missing", calls: 3 },
      { start: at(29), code: "rate_limited", calls: 1 },
    ],
    "LAST_7_DAYS",
    NOW,
  );
  expect(buckets.slice(-3).map(({ calls, refused }) => [calls, refused])).toEqual([
    [0, 0],
    [7, 2],
    [4, 4],
  ]);
  expect(refusals).toEqual([
    { code: "permission_missing", calls: 3 },
    { code: "rate_limited", calls: 3 },
  ]);
});

test("what lies outside the range counts nowhere", () => {
  const outside = [new Date("2026-03-22T23:00:00Z"), new Date("2026-03-30T00:00:00Z")];
  const { buckets, refusals } = usageOf(
    outside.map((start) => ({ start, code: "key_revoked", calls: 1 })),
    "LAST_7_DAYS",
    NOW,
  );
  expect(buckets.every(({ calls }) => calls === 0)).toBe(true);
  expect(refusals).toEqual([]);
});

test("more calls than an Int holds are told as many as it does", () => {
  const start = new Date("2026-03-29T00:00:00Z");
  const { buckets } = usageOf([{ start, code: "", calls: 1e12 }], "LAST_7_DAYS", NOW);
  expect(buckets.at(-1)?.calls).toBe(2_147_483_647);
});
