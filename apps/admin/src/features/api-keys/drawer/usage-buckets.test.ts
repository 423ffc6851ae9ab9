import { expect, test } from "vitest";
import { barsOf, scaleEnd, totalOf } from "./usage-buckets.ts";

const bucket = (calls: number, refused = 0) => ({ start: "2026-11-22T00:00:00.000Z", calls, refused });

test("the scale ends at a round number that holds the highest bar", () => {
  expect([0, 1, 4, 5, 9, 11, 47, 99, 100, 101, 3_999].map((calls) => scaleEnd([bucket(calls)]))).toEqual([
    4, 4, 4, 5, 10, 20, 50, 100, 100, 200, 4_000,
  ]);
  expect(scaleEnd([])).toBe(4);
});

test("a bar is as high as its part of the scale, and one call is seen beside thousands", () => {
  const [most, none, one] = barsOf([bucket(10_000, 5_000), bucket(0), bucket(1, 1)], 10_000);
  expect(most).toMatchObject({ passed: 0.5, refused: 0.5 });
  expect(none).toMatchObject({ passed: 0, refused: 0 });
  expect(one).toMatchObject({ passed: 0, refused: 0.02 });
});

test("calls and refused ones add up", () => {
  expect(totalOf([bucket(3, 1), bucket(0), bucket(7, 7)])).toEqual({ calls: 10, refused: 8 });
});
