import { createSecretHasher } from "@latchkey/key-format/hash";
import { parseSecret, type SecretProblem } from "@latchkey/key-format/secret";
import type { Pepper } from "../../../config.ts";
import { evaluateApiKey, type Evaluation } from "./evaluate-api-key.ts";
import type { FindKey } from "./find-key.ts";
import type { Rehash } from "./rehash.repository.ts";

/**
 * How a key is verified (spec §5, steps 1 to 3): parse -> hash -> look up -> evaluate. The outcome is a value; what is
 * thrown is an outage and becomes 503, never 401.
 */
export type Verification =
  | Evaluation
  | { readonly kind: "malformed"; readonly problem: SecretProblem }
  | { readonly kind: "unknown" };

export type VerifyApiKey = (secret: string) => Promise<Verification>;

interface Dependencies {
  readonly peppers: readonly [Pepper, ...Pepper[]];
  readonly findKey: FindKey;
  readonly rehash: Rehash;
}

export function createVerifyApiKey({ peppers, findKey, rehash }: Dependencies): VerifyApiKey {
  const [newest] = peppers;
  const hashers = peppers.map(({ secret }) => createSecretHasher(secret));
  return async (secret) => {
    const parsed = parseSecret(secret);
    if (!parsed.ok) return { kind: "malformed", problem: parsed.reason };

    const hashes = hashers.map((hash) => hash(secret));
    const found = await findKey(hashes);
    if (found === null) return { kind: "unknown" };

    const { key, now } = found;
    const evaluation = evaluateApiKey(key, now);

    const newestHash = hashes[0];
    if (key.pepperId !== newest.id && newestHash !== undefined) rehash(key.id, newestHash);
    return evaluation;
  };
}
