import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { weaknessOf } from "./secret-strength.ts";

test.each([
  ["short", "4kQzW8mT1vXy7RbN0cJdPfLh2sGuEa9"],
  ["one character", "a".repeat(64)],
  ["few characters", "abcabcababcacbabcabacbacbacabcabcbacbac"],
  ["a repeated word", "changemechangemechangemechangeme"],
  ["a repeated random text", "4kQzW8mT1vXy7Rb!4kQzW8mT1vXy7Rb!4kQzW8mT1v"],
  ["words with separators", "please-change-this-secret-to-your-own-secret"],
  ["the usual placeholder", "your-better-auth-secret-here-replace-with-random-string"],
  ["words in capitals", "CHANGE_ME_PLEASE_THIS_IS_NOT_SECRET_AUTH"],
  ["the alphabet", "abcdefghijklmnopqrstuvwxyz0123456789"],
  ["rising digits", "01234567890123456789012345678901"],
])("%s is weak", (_, secret) => {
  expect(weaknessOf(secret)).not.toBeNull();
});

test("whatever a random generator gives, in hex or base64, is not called weak", () => {
  const lengths = fc.integer({ min: 24, max: 64 });
  fc.assert(
    fc.property(lengths, fc.constantFrom("hex", "base64", "base64url"), (length, encoding) => {
      expect(weaknessOf(randomBytes(length).toString(encoding as BufferEncoding))).toBeNull();
    }),
    { numRuns: 2_000 },
  );
});
