import { encodeBase62, randomBase62 } from "./base62.ts";
import { crc32 } from "./crc32.ts";

/** 32 base62 characters: 190 bits. */
const RANDOM_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
/** What follows the brand and its underscore. */
const TAIL_LENGTH = RANDOM_LENGTH + CHECKSUM_LENGTH;
/** How many characters after the underscore are shown, for recognition. */
const SHOWN_LENGTH = 4;

const BRAND = /^[a-z0-9]{2,8}$/;
const BRAND_AND_TAIL = /^([a-z0-9]{2,8})_(.*)$/su;
const OUTSIDE_BASE62 = /[^0-9A-Za-z]/;
const QUOTE = /["'`\u2018\u2019\u201c\u201d\u00ab\u00bb]/u;

/** Why a text is not a secret. Never holds a part of the text: it may be most of a real secret. */
export type SecretProblem =
  | { readonly kind: "missing" }
  /** Line breaks, other white space or quotes: `around` the text, as when copied along, or `inside` it. */
  | { readonly kind: "line_break" | "space" | "quote"; readonly where: "around" | "inside" }
  /** The text does not start with 2 to 8 of `[a-z0-9]` and an underscore. */
  | { readonly kind: "brand_malformed" }
  /** A character outside `[0-9A-Za-z]` after the brand; `position` counts from 1. */
  | { readonly kind: "foreign_character"; readonly position: number }
  | { readonly kind: "too_short"; readonly missing: number }
  | { readonly kind: "too_long"; readonly extra: number }
  /** Right in length and characters: at least one character is mistyped. */
  | { readonly kind: "checksum_wrong" };

export type ParsedSecret =
  | { readonly ok: true; readonly brand: string; readonly prefix: string }
  | { readonly ok: false; readonly reason: SecretProblem };

/**
 * A new secret: brand, `_`, 32 random base62 characters, and 6 of CRC-32 over everything before them.
 * @param randomBytes a cryptographically secure source, such as `randomBytes` of `node:crypto`
 * @throws RangeError if the brand is not 2 to 8 of `[a-z0-9]`
 */
export function generateSecret(brand: string, randomBytes: (n: number) => Uint8Array): string {
  if (!isBrand(brand)) throw new RangeError("A brand is 2 to 8 characters of a-z and 0-9.");
  const body = `${brand}_${randomBase62(RANDOM_LENGTH, randomBytes)}`;
  return body + checksumOf(body);
}

export function isBrand(text: string): boolean {
  return BRAND.test(text);
}

/**
 * Whether a text can be a secret, told from the text alone. Every change of one character and every swap of two
 * neighbours is refused; other damage passes once in 4 billion. The checksum protects against typing, not guessing.
 * Nothing is trimmed or mended. Never throws.
 */
export function parseSecret(text: string): ParsedSecret {
  const problem = problemAround(text);
  if (problem !== null) return { ok: false, reason: problem };
  const [, brand, tail] = BRAND_AND_TAIL.exec(text) ?? [];
  if (brand === undefined || tail === undefined) return { ok: false, reason: { kind: "brand_malformed" } };
  const reason = problemOfTail(text, tail);
  if (reason !== null) return { ok: false, reason };
  return { ok: true, brand, prefix: text.slice(0, brand.length + 1 + SHOWN_LENGTH) };
}

function problemAround(text: string): SecretProblem | null {
  const core = text.trim();
  if (core === "") return { kind: "missing" };
  const outside = text.slice(0, text.indexOf(core)) + text.slice(text.indexOf(core) + core.length);
  if (/[\r\n]/.test(core)) return { kind: "line_break", where: "inside" };
  if (/\s/u.test(core)) return { kind: "space", where: "inside" };
  if (/[\r\n]/.test(outside)) return { kind: "line_break", where: "around" };
  if (outside !== "") return { kind: "space", where: "around" };
  if (QUOTE.test(core.slice(1, -1))) return { kind: "quote", where: "inside" };
  if (QUOTE.test(core)) return { kind: "quote", where: "around" };
  return null;
}

function problemOfTail(text: string, tail: string): SecretProblem | null {
  const foreignAt = tail.search(OUTSIDE_BASE62);
  if (foreignAt >= 0) return { kind: "foreign_character", position: text.length - tail.length + foreignAt + 1 };
  if (tail.length < TAIL_LENGTH) return { kind: "too_short", missing: TAIL_LENGTH - tail.length };
  if (tail.length > TAIL_LENGTH) return { kind: "too_long", extra: tail.length - TAIL_LENGTH };
  const body = text.slice(0, -CHECKSUM_LENGTH);
  return checksumOf(body) === text.slice(-CHECKSUM_LENGTH) ? null : { kind: "checksum_wrong" };
}

function checksumOf(body: string): string {
  return encodeBase62(crc32(body), CHECKSUM_LENGTH);
}
