import { describe, expect, test } from "vitest";
import { parseResetPasswordSearch, parseSearch, parseSignInSearch, stringifySearch } from "./search.ts";

describe("search parameters", () => {
  test.each(["2026", "1", "true", "null", "{}", '"', "a b&c=d#e", "007", "é"])("the text %j stays that text", (q) => {
    expect(parseSearch(stringifySearch({ q }))).toEqual({ q });
  });

  test("nothing to say leaves no question mark", () => {
    expect(stringifySearch({})).toBe("");
    expect(stringifySearch({ q: undefined })).toBe("");
    expect(parseSearch("")).toEqual({});
  });
});

test("sign-in takes only notices it has words for", () => {
  expect(parseSignInSearch({ next: "/a", notice: "session-ended" })).toEqual({ next: "/a", notice: "session-ended" });
  expect(parseSignInSearch({ notice: "You have won" })).toEqual({});
  expect(parseSignInSearch({ error: "email_not_verified" })).toEqual({ error: "email_not_verified" });
  expect(parseSignInSearch({ error: "Call 555" })).toEqual({});
});

test("an empty token is no token", () => {
  expect(parseResetPasswordSearch({ token: "" })).toEqual({});
  expect(parseResetPasswordSearch({ token: "abc", error: "INVALID_TOKEN" })).toEqual({
    token: "abc",
    error: "INVALID_TOKEN",
  });
});
