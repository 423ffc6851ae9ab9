import type { Pool } from "pg";

export interface PepperRepository {
  /** Stores the fingerprint unless the id has one; returns the one that is stored. */
  rememberFingerprint(id: string, fingerprint: Buffer): Promise<Buffer>;
  /** Active keys whose pepper is none of these, by pepper. */
  countActiveKeysByMissingPepper(ids: readonly string[]): Promise<{ pepperId: string; keys: number }[]>;
}

export function createPepperRepository(pool: Pool): PepperRepository {
  return {
    async rememberFingerprint(id, fingerprint) {
      await pool.query("INSERT INTO pepper (id, fingerprint) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", [
        id,
        fingerprint,
      ]);
      const result = await pool.query<{ fingerprint: Buffer }>("SELECT fingerprint FROM pepper WHERE id = $1", [id]);
      const row = result.rows[0];
      if (row === undefined) throw new Error(`The pepper ${id} was stored and is not there.`);
      return row.fingerprint;
    },
    async countActiveKeysByMissingPepper(ids) {
      const result = await pool.query<{ pepper_id: string; keys: number }>(
        `SELECT pepper_id, count(*)::int AS keys FROM api_key
          WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) AND pepper_id <> ALL($1::text[])
          GROUP BY pepper_id ORDER BY pepper_id`,
        [ids],
      );
      return result.rows.map((row) => ({ pepperId: row.pepper_id, keys: row.keys }));
    },
  };
}
