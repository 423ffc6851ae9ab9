import { randomBytes } from "node:crypto";
import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import vectors from "../vectors.json" with { type: "json" };
import { BASE62_ALPHABET } from "./base62.ts";
import { crc32 } from "./crc32.ts";
import { generateSecret, isBrand, parseSecret } from "./secret.ts";

const brands = fc.string({
  unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789"),
  minLength: 2,
  maxLength: 8,
});
const secrets = brands.map((brand) => generateSecret(brand, randomBytes));

/** The checksum as the specification words it, written apart from the code under test. */
function expectedChecksum(body: string): string {
  let rest = BigInt(zlibCrc32(body));
  const digits: string[] = [];
  for (let digit = 0; digit < 6; digit++) {
    digits.unshift("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".charAt(Number(rest % 62n)));
    rest /= 62n;
  }
  return digits.join("");
}

describe("a generated secret", () => {
  test("has the published shape and zlib's checksum, and is accepted", () => {
    fc.assert(
      fc.property(brands, (brand) => {
        const secret = generateSecret(brand, randomBytes);
        expect(secret).toMatch(/^[a-z0-9]{2,8}_[0-9A-Za-z]{38}$/);
        expect(secret.slice(-6)).toBe(expectedChecksum(secret.slice(0, -6)));
        expect(parseSecret(secret)).toEqual({ ok: true, brand, prefix: secret.slice(0, brand.length + 5) });
      }),
    );
  });

  test("takes every character of the alphabet equally often: 62 of 248 bytes four times each, the rest rejected", () => {
    const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    let offset = 0;
    const source = (n: number): Uint8Array => {
      const bytes = Uint8Array.from({ length: n }, (_, index) => everyByte[(offset + index) % 256] ?? 0);
      offset += n;
      return bytes;
    };
    const counts = new Map<string, number>();
    // 31 secrets take 31 × 32 = 992 = 4 × 248 accepted bytes: four rounds of all bytes.
    for (let round = 0; round < 31; round++) {
      for (const character of generateSecret("lk", source).slice(3, 35)) {
        counts.set(character, (counts.get(character) ?? 0) + 1);
      }
    }
    expect([...counts.keys()].toSorted()).toEqual([...BASE62_ALPHABET].toSorted());
    expect(new Set(counts.values())).toEqual(new Set([16]));
  });

  test("asks again when the source gave only bytes that are rejected", () => {
    let calls = 0;
    const secret = generateSecret("lk", (n) => new Uint8Array(n).fill(calls++ === 0 ? 255 : 0));
    expect(secret.slice(0, 35)).toBe(`lk_${"0".repeat(32)}`);
    expect(calls).toBe(2);
  });

  test("is refused for a brand that no parser would take", () => {
    for (const brand of ["", "l", "ninechars", "LK", "l-k", "lk_", "ök"]) {
      expect(isBrand(brand)).toBe(false);
      expect(() => generateSecret(brand, randomBytes)).toThrow(RangeError);
    }
  });
});

describe("a damaged secret is refused", () => {
  const anyCharacter = fc.oneof(
    fc.constantFrom(...BASE62_ALPHABET),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    fc.constantFrom(" ", "\n", '"', "_", "-", "\u0000", "…"),
  );

  test("whichever one character is changed, to whatever of the alphabet", () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        for (let at = 0; at < secret.length; at++) {
          for (const other of `${BASE62_ALPHABET}_`) {
            if (other === secret[at]) continue;
            const changed = secret.slice(0, at) + other + secret.slice(at + 1);
            if (parseSecret(changed).ok) throw new Error(`accepted: ${changed}`);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test("whichever one character is changed, to anything at all", () => {
    fc.assert(
      fc.property(secrets, fc.nat(), anyCharacter, (secret, seed, other) => {
        const at = seed % secret.length;
        fc.pre(other !== secret[at]);
        expect(parseSecret(secret.slice(0, at) + other + secret.slice(at + 1)).ok).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test("whichever two different neighbours are swapped", () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        for (let at = 0; at + 1 < secret.length; at++) {
          const swapped = secret.slice(0, at) + secret.charAt(at + 1) + secret.charAt(at) + secret.slice(at + 2);
          if (swapped !== secret && parseSecret(swapped).ok) throw new Error(`accepted: ${swapped}`);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("wherever it is cut off, and the reason counts what is missing", () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const brandEnd = secret.indexOf("_") + 1;
        for (let length = 0; length < secret.length; length++) {
          const parsed = parseSecret(secret.slice(0, length));
          const expected =
            length === 0
              ? { kind: "missing" }
              : length < brandEnd
                ? { kind: "brand_malformed" }
                : { kind: "too_short", missing: secret.length - length };
          expect(parsed).toEqual({ ok: false, reason: expected });
        }
      }),
      { numRuns: 40 },
    );
  });

  test("with anything appended", () => {
    fc.assert(
      fc.property(secrets, anyCharacter, (secret, more) => {
        expect(parseSecret(secret + more).ok).toBe(false);
      }),
    );
  });
});

test("no text makes the parser throw, and its answer never repeats a part of a refused text", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary", maxLength: 80 }),
    fc.string({ unit: "grapheme", maxLength: 80 }),
    fc.tuple(brands, fc.string({ unit: "binary", maxLength: 60 })).map(([brand, tail]) => `${brand}_${tail}`),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = parseSecret(text);
      if (parsed.ok) throw new Error("a random text was accepted");
      for (const value of Object.values(parsed.reason)) {
        if (typeof value === "string") expect(value).toMatch(/^[a-z_]+$/);
      }
    }),
    { numRuns: 2_000 },
  );
  expect(parseSecret("lk_".padEnd(1_000_000, "A")).ok).toBe(false);
  expect(parseSecret("\ud800").ok).toBe(false);
});

test("CRC-32 is zlib's, and the standard check value holds", () => {
  expect(crc32("123456789")).toBe(0xcbf43926);
  fc.assert(fc.property(fc.string({ unit: "binary-ascii" }), (text) => crc32(text) === zlibCrc32(text)));
});

describe("the published vectors hold", () => {
  test.each(vectors.secrets)("$note", ({ secret, valid, brand, prefix, reason }) => {
    expect(parseSecret(secret)).toEqual(valid ? { ok: true, brand, prefix } : { ok: false, reason });
    if (valid) expect(secret.slice(-6)).toBe(expectedChecksum(secret.slice(0, -6)));
  });
});
