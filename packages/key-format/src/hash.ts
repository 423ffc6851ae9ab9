import { createHmac, hash } from "node:crypto";

/** Holds spaces, so that it can never be a well-formed secret: no fingerprint equals a stored hash. */
const FINGERPRINT_MESSAGE = "latchkey pepper fingerprint v1";

/**
 * What is stored of a secret: HMAC-SHA-256 of the whole secret under the pepper, 32 bytes. A plain keyed hash, because
 * 190 random bits need no stretching, and because a slow hash would let strangers keep the server busy.
 */
export function hashSecret(secret: string, pepper: string | Uint8Array): Buffer {
  return createHmac("sha256", pepper).update(secret, "utf8").digest();
}

/** The same hash, for whoever computes it all day with one pepper. */
export type HashSecret = (secret: string) => Buffer;

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
/** Longer than any secret; what is longer still is hashed the ordinary way. */
const SCRATCH_BYTES = 512;

/**
 * HMAC as RFC 2104 defines it, from two hashes of which each is one call: an object of OpenSSL for every call takes
 * nine times as long, and would be a quarter of a verified request. A test compares it with `createHmac`.
 */
export function createSecretHasher(pepper: string | Uint8Array): HashSecret {
  const bytes = typeof pepper === "string" ? Buffer.from(pepper) : pepper;
  const key = bytes.length > BLOCK_BYTES ? hash("sha256", bytes, "buffer") : bytes;
  const inner = Buffer.alloc(SCRATCH_BYTES, 0x36);
  const outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES, 0x5c);
  for (const [at, byte] of key.entries()) {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  return (secret) => {
    const end = BLOCK_BYTES + Buffer.byteLength(secret);
    if (end > SCRATCH_BYTES) return hashSecret(secret, pepper);
    inner.write(secret, BLOCK_BYTES);
    hash("sha256", inner.subarray(0, end), "buffer").copy(outer, BLOCK_BYTES);
    // No secret stays in memory because of us.
    inner.fill(0, BLOCK_BYTES, end);
    return hash("sha256", outer, "buffer");
  };
}

/** Recognises a pepper without revealing it, 32 bytes. Two peppers with the same fingerprint are the same pepper. */
export function fingerprintPepper(pepper: string | Uint8Array): Buffer {
  return createHmac("sha256", pepper).update(FINGERPRINT_MESSAGE, "utf8").digest();
}
