import { createApiKeyInput } from "@latchkey/types/inputs/api-keys";
import { describe, expect, test } from "vitest";
import { createKeyInput, expiryDate, expiryDays } from "./create-key-input.ts";

const NOW = new Date("2026-03-28T12:00:00Z");

describe("expiry in days", () => {
  test("blank means never and is left out of what is sent", () => {
    expect(expiryDays("  ")).toBeUndefined();
    expect(createKeyInput("team_1", { name: "CI", permissions: ["reports:read"], expiresInDays: "" })).toEqual({
      teamId: "team_1",
      name: "CI",
      permissions: ["reports:read"],
    });
  });

  test("the date shown is n times 24 hours on, across a change of the clocks too", () => {
    expect(expiryDate("2", NOW)).toEqual(new Date("2026-03-30T12:00:00Z"));
  });

  test.each(["soon", "1.5", "-1", "1e3", "0x10", "٣"])("%s shows no date and is refused by the schema", (text) => {
    expect(expiryDate(text, NOW)).toBeNull();
    const input = createKeyInput("team_1", { name: "CI", permissions: ["reports:read"], expiresInDays: text });
    const { error } = createApiKeyInput.safeParse(input);
    expect(error?.issues.map(({ path }) => path)).toEqual([["expiresInDays"]]);
  });

  test.each(["0", "3651", "9".repeat(30)])("%s days are refused by the schema without breaking the date", (text) => {
    expect(() => expiryDate(text, NOW)?.toISOString()).not.toThrow();
    const input = createKeyInput("team_1", { name: "CI", permissions: ["reports:read"], expiresInDays: text });
    expect(createApiKeyInput.safeParse(input).success).toBe(false);
  });

  test.each(["1", "3650", " 90 "])("%s days are accepted", (text) => {
    const input = createKeyInput("team_1", { name: "CI", permissions: ["reports:read"], expiresInDays: text });
    expect(createApiKeyInput.safeParse(input).success).toBe(true);
  });
});
