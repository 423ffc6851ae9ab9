export const BASE62_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE = BASE62_ALPHABET.length;

/** Bytes from here on would make the first characters of the alphabet likelier than the rest (256 = 4 × 62 + 8). */
const FIRST_REJECTED_BYTE = 256 - (256 % BASE);

/** `length` characters, each equally likely, from a source of random bytes. */
export function randomBase62(length: number, randomBytes: (n: number) => Uint8Array): string {
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length - text.length)) {
      if (byte < FIRST_REJECTED_BYTE) text += BASE62_ALPHABET.charAt(byte % BASE);
    }
  }
  return text;
}

/** A whole number ≥ 0, most significant digit first, padded with `0` on the left. */
export function encodeBase62(value: number, length: number): string {
  let text = "";
  for (let rest = value; rest > 0; rest = Math.floor(rest / BASE)) text = BASE62_ALPHABET.charAt(rest % BASE) + text;
  return text.padStart(length, "0");
}
