import { createHmac } from "node:crypto";

/** Holds spaces, so that it can never be a well-formed secret: no fingerprint equals a stored hash. */
const FINGERPRINT_MESSAGE = "latchkey pepper fingerprint v1";

/**
 * What is stored of a secret: HMAC-SHA-256 of the whole secret under the pepper, 32 bytes. A plain keyed hash, because
 * 190 random bits need no stretching, and because a slow hash would let strangers keep the server busy.
 */
export function hashSecret(secret: string, pepper: string | Uint8Array): Buffer {
  return createHmac("sha256", pepper).update(secret, "utf8").digest();
}

/** Recognises a pepper without revealing it, 32 bytes. Two peppers with the same fingerprint are the same pepper. */
export function fingerprintPepper(pepper: string | Uint8Array): Buffer {
  return createHmac("sha256", pepper).update(FINGERPRINT_MESSAGE, "utf8").digest();
}
