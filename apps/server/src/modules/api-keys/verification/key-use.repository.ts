import type { Pool } from "pg";
import type { SaveKeyUse } from "./key-use.ts";

// Sorted by key, so that two processes that flush at once take the rows in one order and cannot deadlock.
const STATEMENT = {
  name: "save_key_use",
  text: `
    INSERT INTO api_key_last_used AS stored (key_id, last_used_at, last_used_ip, refused_since_revocation)
    SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::bigint[]) AS new (key_id, at, ip, refused)
     ORDER BY new.key_id
    ON CONFLICT (key_id) DO UPDATE SET
      last_used_ip = CASE WHEN stored.last_used_at IS NULL OR excluded.last_used_at >= stored.last_used_at
                          THEN coalesce(excluded.last_used_ip, stored.last_used_ip) ELSE stored.last_used_ip END,
      last_used_at = greatest(stored.last_used_at, excluded.last_used_at),
      refused_since_revocation = stored.refused_since_revocation + excluded.refused_since_revocation`,
};

export function createKeyUseRepository(pool: Pool): SaveKeyUse {
  return async (totals) => {
    await pool.query({
      ...STATEMENT,
      values: [
        totals.map((total) => total.keyId),
        totals.map((total) => total.lastUsedAt),
        totals.map((total) => total.lastUsedIp),
        totals.map((total) => total.refused),
      ],
    });
  };
}
