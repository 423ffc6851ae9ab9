import { expect, test } from "vitest";
import { signUpErrorKey } from "./sign-up-error.ts";

test("a link for another address reads like one that has ended", () => {
  expect(signUpErrorKey({ ok: false, failure: "unexpected", code: "invitation_invalid" }, false)).toBe("notInvited");
});

test("an account that was there before is met by signing in, not by an error of the server", () => {
  const outcome = { ok: false, failure: "unauthenticated", code: "INVALID_EMAIL_OR_PASSWORD" } as const;
  expect(signUpErrorKey(outcome, true)).toBe("hasAccount");
});

test("an account whose address has to be confirmed first was made all the same", () => {
  expect(signUpErrorKey({ ok: false, failure: "unexpected", code: "EMAIL_NOT_VERIFIED" }, true)).toBe("notConfirmed");
});

test.each([
  ["rate_limited", "tooMany"],
  ["unavailable", "unavailable"],
  ["unreachable", "unreachable"],
  ["unexpected", "unexpected"],
] as const)("%s has a sentence of its own", (failure, key) => {
  expect(signUpErrorKey({ ok: false, failure, code: null }, false)).toBe(key);
});
