import { expect, test } from "vitest";
import { accountErrorKey, serversSentence } from "./account-error.ts";

test.each([
  ["INVALID_PASSWORD", "unexpected", "wrongPassword"],
  ["INVALID_CODE", "unauthenticated", "wrongCode"],
  ["CODE_ALREADY_USED", "unauthenticated", "used"],
  ["TOTP_ALREADY_ENABLED", "unexpected", "alreadyEnabled"],
  ["rate_limited", "rate_limited", "locked"],
  ["unauthenticated", "unauthenticated", "unauthenticated"],
  [null, "unreachable", "unreachable"],
  [null, "not_found", "unexpected"],
] as const)("%s with %s reads as %s", (code, failure, key) => {
  expect(accountErrorKey({ code, failure })).toBe(key);
});

test("what only the server can say is said in its words", () => {
  expect(serversSentence({ code: "second_factor_required", message: "Acme Ads requires it." })).toBe(
    "Acme Ads requires it.",
  );
  expect(serversSentence({ code: "internal", message: "Boom." })).toBeNull();
});
