import { expect, test } from "vitest";
import { signInErrorKey, waitOf } from "./sign-in-error.ts";

test("an unknown address and a wrong password read the same", () => {
  const wrong = { ok: false, failure: "unauthenticated", code: "INVALID_EMAIL_OR_PASSWORD" } as const;
  const malformed = { ok: false, failure: "unexpected", code: "INVALID_EMAIL" } as const;
  expect(signInErrorKey(wrong)).toBe("wrong");
  expect(signInErrorKey(malformed)).toBe("wrong");
});

test("who has not confirmed their address is told so: the password was right", () => {
  expect(signInErrorKey({ ok: false, failure: "unexpected", code: "EMAIL_NOT_VERIFIED" })).toBe("notConfirmed");
});

test.each([
  ["rate_limited", "tooMany"],
  ["unavailable", "unavailable"],
  ["unreachable", "unreachable"],
  ["unexpected", "unexpected"],
] as const)("%s has a sentence of its own", (failure, key) => {
  expect(signInErrorKey({ ok: false, failure, code: null })).toBe(key);
});

test("a time to wait is told in seconds or whole minutes, and never too short", () => {
  expect(waitOf(1)).toEqual({ unit: "seconds", count: 1 });
  expect(waitOf(90)).toEqual({ unit: "seconds", count: 90 });
  expect(waitOf(91)).toEqual({ unit: "minutes", count: 2 });
  expect(waitOf(600)).toEqual({ unit: "minutes", count: 10 });
});
