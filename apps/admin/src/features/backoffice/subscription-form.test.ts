import { describe, expect, test } from "vitest";
import { changeOf, isRateValid, limitsOf, parseRate, type SubscriptionValues } from "./subscription-form.ts";

describe("an override as it is typed", () => {
  test.each([
    ["600", 600],
    ["20,000", 20_000],
    ["20 000", 20_000],
    ["1", 1],
    ["1000000", 1_000_000],
    ["0", null],
    ["-1", null],
    ["1000001", null],
    ["99999999999999", null],
    ["1.5e3", null],
    ["many", null],
    ["", null],
  ])("%o is %o", (typed, rate) => {
    expect(parseRate(typed)).toBe(rate);
  });

  test("may be left empty", () => {
    expect([isRateValid(""), isRateValid("  "), isRateValid("0")]).toEqual([true, true, false]);
  });
});

describe("what is sent", () => {
  const before: SubscriptionValues = { plan: "GROWTH", status: "ACTIVE", rate: "" };

  test.each([
    [before, null],
    [{ ...before, plan: "SCALE" }, { plan: "SCALE" }],
    [{ ...before, status: "CANCELED" }, { status: "CANCELED" }],
    [{ ...before, rate: "700" }, { requestsPerMinute: 700 }],
    [{ ...before, rate: "  " }, null],
  ] as const)("to %o is %o: only what differs", (after, change) => {
    expect(changeOf(before, after)).toEqual(change);
  });

  test("an override that is emptied is taken away", () => {
    expect(changeOf({ ...before, rate: "700" }, { ...before, rate: "" })).toEqual({ requestsPerMinute: null });
    expect(changeOf({ ...before, rate: "700" }, { ...before, rate: "7 00" })).toBeNull();
  });

  test("a team without a subscription gets plan and status", () => {
    const none: SubscriptionValues = { plan: "", status: "CANCELED", rate: "" };
    expect(changeOf(none, { ...none, plan: "STARTER" })).toEqual({ plan: "STARTER", status: "CANCELED" });
  });
});

test("a plan's limits are those of the catalogue", () => {
  expect(limitsOf("STARTER")).toMatchObject({ activeKeysPerTeam: 10, requestsPerMinute: 60 });
  expect(limitsOf("")).toBeNull();
});
