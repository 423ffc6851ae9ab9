import fc from "fast-check";
import { expect, test } from "vitest";
import { readInstant, writeInstant } from "./instant.ts";

/** All that a Date can hold, and often what is written in other forms: before 1970, five digits, round seconds. */
const instants = fc.oneof(
  fc.date({ noInvalidDate: true }),
  fc.date({ min: new Date("2020-01-01T00:00:00Z"), max: new Date("2030-01-01T00:00:00Z"), noInvalidDate: true }),
  fc.constantFrom(0, -1, 1, 86_399_999, 86_400_000, 8.64e15, -8.64e15, Date.UTC(-1, 0), 951_782_400_000).map(toDate),
);

function toDate(time: number): Date {
  return new Date(time);
}

test("an instant is written as toISOString writes it", () => {
  fc.assert(
    fc.property(instants, (instant) => {
      expect(writeInstant(instant)).toBe(instant.toISOString());
    }),
  );
});

test("a date that is none cannot be written", () => {
  expect(() => writeInstant(new Date(Number.NaN))).toThrow(RangeError);
});

test.each(["+00:00", "+05:30", "-08:00"])("an instant is read as Date reads it, written with %s", (zone) => {
  fc.assert(
    fc.property(instants, fc.constantFrom(0, 1, 2, 3, 6), (instant, decimals) => {
      const seconds = instant.toISOString().slice(0, -5);
      const fraction =
        decimals === 0 ? "" : `.${instant.toISOString().slice(-4, -1).padEnd(6, "7").slice(0, decimals)}`;
      const text = `${seconds}${fraction}${zone}`;
      expect(readInstant(text)).toEqual(new Date(text));
    }),
  );
});
