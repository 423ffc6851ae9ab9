import { randomBytes } from "node:crypto";
import { hashSecret } from "@latchkey/key-format/hash";
import { generateSecret, parseSecret } from "@latchkey/key-format/secret";
import type { Pepper } from "../../../config.ts";

/** What is stored of a secret. Opaque to everything outside this folder: it is spread into the new row as it is. */
export interface Credential {
  readonly prefix: string;
  readonly secretHash: Uint8Array<ArrayBuffer>;
  readonly pepperId: string;
}

export interface IssuedSecret {
  /** The one and only time the secret exists: it goes into the response and nowhere else. */
  readonly secret: string;
  readonly credential: Credential;
}

export type IssueSecret = () => IssuedSecret;

/** New secrets are hashed under the first pepper. */
export function createSecretIssuer(brand: string, peppers: readonly [Pepper, ...Pepper[]]): IssueSecret {
  const [pepper] = peppers;
  return () => {
    const secret = generateSecret(brand, randomBytes);
    const parsed = parseSecret(secret);
    if (!parsed.ok) throw new Error("A new secret does not parse: the brand cannot be right.");
    const secretHash = new Uint8Array(hashSecret(secret, pepper.secret));
    return { secret, credential: { prefix: parsed.prefix, secretHash, pepperId: pepper.id } };
  };
}
