import { keyName } from "@latchkey/types/inputs/key-name";
import { describe, expect, test } from "vitest";
import { replacementName, replacementValues } from "./replacement-values.ts";

const NOW = new Date(2026, 10, 22, 12);

describe("the name of a replacement", () => {
  test.each([
    ["BI dashboard", "BI dashboard 2026-Q4"],
    ["BI dashboard 2026-Q3", "BI dashboard 2026-Q4"],
    ["BI dashboard 2026-Q4", "BI dashboard 2026-Q4"],
    ["BI dashboard 2025-Q5", "BI dashboard 2025-Q5 2026-Q4"],
    ["Report for 2026-Q1 and Q2", "Report for 2026-Q1 and Q2 2026-Q4"],
    ["2026-Q3", "2026-Q4"],
    ["Key2026-Q3", "Key2026-Q3 2026-Q4"],
  ])("of %s is %s", (name, expected) => expect(replacementName(name, NOW)).toBe(expected));

  test.each([
    [new Date(2027, 0, 1), "2027-Q1"],
    [new Date(2026, 2, 31), "2026-Q1"],
    [new Date(2026, 3, 1), "2026-Q2"],
    [new Date(2026, 8, 30), "2026-Q3"],
  ])("has the quarter of %s", (now, quarter) => expect(replacementName("CI", now)).toBe(`CI ${quarter}`));

  test.each(["x".repeat(64), "🔑".repeat(64), `${"word ".repeat(12)}ends`])("of a long one is a name: %s", (name) => {
    const replacement = replacementName(name, NOW);
    expect(keyName.safeParse(replacement)).toMatchObject({ success: true, data: replacement });
    expect(replacement).toMatch(/ 2026-Q4$/);
  });
});

describe("a replacement", () => {
  const OLD = { name: "CI", permissions: ["reports:read", "billing:read"], createdAt: "2026-01-01T00:00:00Z" };
  const all = new Set(OLD.permissions);

  test("is given what its maker may give, and says what was left out", () => {
    const { values, leftOut } = replacementValues({ ...OLD, expiresAt: null }, new Set(["reports:read"]), NOW);
    expect(values.permissions).toEqual(["reports:read"]);
    expect(leftOut).toEqual(["billing:read"]);
  });

  test("lasts as many days as the old one had, also when those are over", () => {
    const of = (expiresAt: string | null) => replacementValues({ ...OLD, expiresAt }, all, NOW).values.expiresInDays;
    expect(of(null)).toBe("");
    expect(of("2026-04-01T00:00:00Z")).toBe("90");
    expect(of("2026-01-02T00:00:00.400Z")).toBe("1");
    expect(of("2026-01-01T00:00:01Z")).toBe("1");
  });
});
