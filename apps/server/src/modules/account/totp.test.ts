import { describe, expect, test } from "vitest";
import { codeOfStep, matchingStep, stepAt } from "./totp.ts";

// RFC 6238, appendix B (SHA-1); its codes have eight digits, of which ours are the last six.
const SECRET = "12345678901234567890";

test.each([
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
])("at second %i of RFC 6238 the code is %s", (second, code) => {
  expect(codeOfStep(SECRET, stepAt(new Date(second * 1_000)))).toBe(code);
});

describe("the step of a code", () => {
  const now = new Date("2026-11-22T10:00:10Z");
  const current = stepAt(now);

  test.each([-1, 0, 1])("is found %i steps away", (offset) => {
    expect(matchingStep(SECRET, codeOfStep(SECRET, current + offset), now)).toBe(current + offset);
  });

  test.each([-2, 2])("is not found %i steps away", (offset) => {
    expect(matchingStep(SECRET, codeOfStep(SECRET, current + offset), now)).toBeNull();
  });

  test.each(["", "12345", "1234567", "abcdef", "１２３４５６"])("%j belongs to none", (code) => {
    expect(matchingStep(SECRET, code, now)).toBeNull();
  });
});
