import type { Database, Transaction } from "../../platform/database/database.ts";

export type IdempotencyRepository = ReturnType<typeof createIdempotencyRepository>;

/** One namespace of idempotency keys for each person, team and route. */
export interface IdempotencyScope {
  readonly userId: string;
  readonly teamId: string;
  readonly route: string;
  readonly key: string;
}

interface MadeKey {
  readonly inputHash: Uint8Array<ArrayBuffer>;
  readonly apiKeyId: string;
}

/** More than one creation leaves behind, so that the table never grows by who stays away; few enough to cost nothing. */
const FORGOTTEN_AT_ONCE = 20;

/** By the database's clock throughout. A row older than 24 hours counts as absent. */
export function createIdempotencyRepository(database: Database) {
  return {
    async find(
      { userId, teamId, route, key }: IdempotencyScope,
      client: Database | Transaction = database,
    ): Promise<MadeKey | null> {
      const [row] = await client.$queryRaw<MadeKey[]>`
        SELECT input_hash AS "inputHash", api_key_id AS "apiKeyId" FROM idempotency
         WHERE user_id = ${userId} AND team_id = ${teamId} AND route = ${route} AND key = ${key}
           AND created_at > now() - interval '24 hours'`;
      return row ?? null;
    },

    /** False where another call was remembered meanwhile. Takes the place of a row that is too old to count. */
    async insert(
      transaction: Transaction,
      { userId, teamId, route, key }: IdempotencyScope,
      { inputHash, apiKeyId }: MadeKey,
    ): Promise<boolean> {
      const count = await transaction.$executeRaw`
        INSERT INTO idempotency AS earlier (user_id, team_id, route, key, input_hash, api_key_id, created_at)
        VALUES (${userId}, ${teamId}, ${route}, ${key}, ${inputHash}, ${apiKeyId}, now())
        ON CONFLICT (user_id, team_id, route, key) DO UPDATE
           SET input_hash = excluded.input_hash, api_key_id = excluded.api_key_id, created_at = excluded.created_at
         WHERE earlier.created_at <= now() - interval '24 hours'`;
      return count === 1;
    },

    /** Waits for nobody: what others hold is left to them. */
    async deleteOld(transaction: Transaction): Promise<void> {
      await transaction.$executeRaw`
        DELETE FROM idempotency WHERE (user_id, team_id, route, key) IN (
          SELECT user_id, team_id, route, key FROM idempotency WHERE created_at <= now() - interval '24 hours'
           ORDER BY created_at LIMIT ${FORGOTTEN_AT_ONCE} FOR UPDATE SKIP LOCKED)`;
    },
  };
}
