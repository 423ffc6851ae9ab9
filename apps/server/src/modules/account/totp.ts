import { createHmac, timingSafeEqual } from "node:crypto";

// Time-based one-time passwords (RFC 6238 over RFC 4226), as authenticator apps make them: HMAC-SHA-1, six digits.

const STEP_SECONDS = 30;

/** Of the steps before and after: clocks of phones are off, and typing takes time. */
const TOLERANCE_STEPS = 1;
const DIGITS = 6;

/** Which 30 seconds since 1970 an instant is in. */
export function stepAt(instant: Date): number {
  return Math.floor(instant.getTime() / 1_000 / STEP_SECONDS);
}

/** The code of one step. `secret` as its UTF-8 bytes, which is how Better Auth keeps it. */
export function codeOfStep(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", secret).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0x0f;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}

/** The step that a code belongs to, around `now`; null when it is none of theirs. */
export function matchingStep(secret: string, code: string, now: Date): number | null {
  const current = stepAt(now);
  let matched: number | null = null;
  for (let step = current - TOLERANCE_STEPS; step <= current + TOLERANCE_STEPS; step += 1) {
    if (isSame(code, codeOfStep(secret, step))) matched = step;
  }
  return matched;
}

function isSame(given: string, expected: string): boolean {
  const bytes = Buffer.from(given);
  return bytes.length === expected.length && timingSafeEqual(bytes, Buffer.from(expected));
}
