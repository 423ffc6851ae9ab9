import { createHmac, timingSafeEqual } from "node:crypto";
import type { Transaction } from "../../platform/database/database.ts";
import { ConflictError } from "../../platform/domain-error.ts";
import type { IdempotencyRepository } from "./idempotency.repository.ts";

export type IdempotencyService = ReturnType<typeof createIdempotencyService>;

/** One attempt to create. */
export interface IdempotentCall {
  readonly userId: string;
  readonly teamId: string;
  /** The caller's own name for what they want done once. */
  readonly key: string;
  /** What is to be made, as the schema left it: whoever means the same sends the same. */
  readonly input: object;
}

interface Dependencies {
  readonly repository: IdempotencyRepository;
  readonly secret: string;
}

/** GraphQL's `createApiKey` is the same operation: who repeats a call through the other door gets no second key. */
const ROUTE = "POST /api-keys";

/** Remembers what a creation made, so that it can be repeated when its answer was lost. It never sees the secret. */
export function createIdempotencyService({ repository, secret }: Dependencies) {
  // A key for this purpose alone. Keyed, because names and permissions are easy to guess from a plain hash.
  const hashKey = createHmac("sha256", secret).update("latchkey:idempotency").digest();
  const hashOf = (input: object) => new Uint8Array(createHmac("sha256", hashKey).update(canonical(input)).digest());

  return {
    /**
     * The key that this call made when it came before, or null.
     * @throws ConflictError when it came with another input
     */
    async findMade({ input, ...call }: IdempotentCall, client?: Transaction): Promise<string | null> {
      const made = await repository.find({ ...call, route: ROUTE }, client);
      if (made === null) return null;
      if (timingSafeEqual(made.inputHash, hashOf(input))) return made.apiKeyId;
      throw new ConflictError(
        "idempotency_conflict",
        "This idempotency key was used within the last 24 hours for another input. Repeat that call unchanged, or send a new key.",
      );
    },

    /** In the key's own transaction: both are there, or neither. */
    async remember(transaction: Transaction, { input, ...call }: IdempotentCall, apiKeyId: string): Promise<void> {
      const isOurs = await repository.insert(
        transaction,
        { ...call, route: ROUTE },
        { inputHash: hashOf(input), apiKeyId },
      );
      // The caller holds the team's lock and has looked under it, so nobody can have come between.
      if (!isOurs) throw new Error("Two creations with one idempotency key ran at once.");
      await repository.deleteOld(transaction);
    },
  };
}

/** The same text for the same input, also after a later version has given it further optional fields. */
function canonical(input: object): string {
  const given = Object.entries(input).filter(([, value]) => value !== null && value !== undefined);
  return JSON.stringify(given.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
