import type { Pool } from "pg";

/** Moves a key to the newest pepper, outside the request; whether it worked shows in the next call, which tries again. */
export type Rehash = (keyId: string, newestHash: Buffer) => void;

const STATEMENT = {
  name: "rehash_key",
  text: `UPDATE api_key SET secret_hash = $2, pepper_id = $3 WHERE id = $1 AND pepper_id <> $3`,
};

export function createRehash(pool: Pool, newestPepperId: string, onFailure: (error: unknown) => void): Rehash {
  const inFlight = new Set<string>();
  return (keyId, newestHash) => {
    if (inFlight.has(keyId)) return;
    inFlight.add(keyId);
    pool
      .query({ ...STATEMENT, values: [keyId, newestHash, newestPepperId] })
      .catch(onFailure)
      .finally(() => inFlight.delete(keyId));
  };
}
