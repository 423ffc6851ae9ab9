import { expect, test } from "vitest";
import { isAuthenticatorCode, keyOf } from "./authenticator-code.ts";

test("a code has six digits, spaces or not", () => {
  expect(isAuthenticatorCode("123 456")).toBe(true);
  for (const text of ["", "12345", "1234567", "abcdef"]) expect(isAuthenticatorCode(text)).toBe(false);
});

test("the key is shown in groups of four", () => {
  expect(keyOf("otpauth://totp/Latchkey:ada%40acme.example?secret=ABCDEFGHIJ&issuer=Latchkey")).toBe("ABCD EFGH IJ");
});
