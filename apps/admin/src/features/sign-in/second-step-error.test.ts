import { expect, test } from "vitest";
import { secondStepErrorKey } from "./second-step-error.ts";

const refused = (code: string | null, failure: "unauthenticated" | "rate_limited" | "unreachable" | "unexpected") =>
  secondStepErrorKey({ ok: false, failure, code });

test("a wrong code, a used one, and a sign-in that has to start over are told apart", () => {
  expect(refused("INVALID_CODE", "unauthenticated")).toBe("wrongCode");
  expect(refused("CODE_ALREADY_USED", "unauthenticated")).toBe("used");
  expect(refused("INVALID_TWO_FACTOR_COOKIE", "unauthenticated")).toBe("startOver");
  expect(refused("TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE", "unexpected")).toBe("startOver");
});

test("too many wrong codes read the same whoever counted them", () => {
  expect(refused("ACCOUNT_TEMPORARILY_LOCKED", "rate_limited")).toBe("locked");
  expect(refused("rate_limited", "rate_limited")).toBe("locked");
});

test("without a code of the server's, the failure decides", () => {
  expect(refused(null, "unreachable")).toBe("unreachable");
  expect(refused(null, "unexpected")).toBe("unexpected");
});
