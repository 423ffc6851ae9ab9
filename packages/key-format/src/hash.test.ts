import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import vectors from "../vectors.json" with { type: "json" };
import { createSecretHasher, fingerprintPepper, hashSecret } from "./hash.ts";

/** HMAC-SHA-256 from its definition (RFC 2104), apart from the code under test. */
function expectedHmac(key: string, message: string): string {
  const sha256 = (...parts: Buffer[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest();
  const block = Buffer.alloc(64);
  const keyBytes = Buffer.from(key, "utf8");
  (keyBytes.length > 64 ? sha256(keyBytes) : keyBytes).copy(block);
  const inner = sha256(block.map((byte) => byte ^ 0x36) as Buffer, Buffer.from(message, "utf8"));
  return sha256(block.map((byte) => byte ^ 0x5c) as Buffer, inner).toString("hex");
}

describe("the published vectors hold", () => {
  test.each(vectors.hashes)("hash of $secret under $pepper", ({ pepper, secret, hash }) => {
    expect(hashSecret(secret, pepper).toString("hex")).toBe(hash);
    expect(expectedHmac(pepper, secret)).toBe(hash);
  });

  test.each(vectors.fingerprints)("fingerprint of $pepper", ({ pepper, fingerprint }) => {
    expect(fingerprintPepper(pepper).toString("hex")).toBe(fingerprint);
    expect(expectedHmac(pepper, "latchkey pepper fingerprint v1")).toBe(fingerprint);
  });
});

test("a hash has 32 bytes, depends on secret and pepper, and takes the pepper as text or as its bytes", () => {
  const hash = hashSecret("lk_secret", "one pepper");
  expect(hash).toHaveLength(32);
  expect(hashSecret("lk_secret", Buffer.from("one pepper"))).toEqual(hash);
  expect(hashSecret("lk_secret", "another pepper")).not.toEqual(hash);
  expect(hashSecret("lk_Secret", "one pepper")).not.toEqual(hash);
  expect(fingerprintPepper("one pepper")).not.toEqual(fingerprintPepper("another pepper"));
});

test("the hasher of one pepper says what the ordinary hash says, of any text, again and again", () => {
  const pepper = fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.uint8Array({ maxLength: 200 }));
  const secrets = fc.array(fc.string({ unit: "binary", maxLength: 700 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(pepper, secrets, (one, texts) => {
      const hashOf = createSecretHasher(one);
      for (const text of texts) expect(hashOf(text)).toEqual(hashSecret(text, one));
    }),
  );
});
