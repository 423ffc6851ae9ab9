import pg, { type Pool } from "pg";
import { numberArray, textArray } from "./array-literal.ts";
import type { CallRow } from "./call.ts";

/** Stores what is not stored yet of these calls, and counts exactly that. Safe to repeat. */
export type StoreCalls = (rows: readonly CallRow[]) => Promise<void>;

// Everything follows from what `stored` returns, so a repeated call counts once. Of a row that stands for several calls
// refused by the limit, `counted` is what this statement added to it. All rows that are updated are sorted by their key:
// processes that flush at once take the locks in one order, and cannot deadlock.
const STATEMENT = {
  name: "store_calls",
  text: `
    WITH stored AS (
      INSERT INTO activity AS row (at, request_id, team_id, user_id, key_id, method, operation, status, code, required_permission, duration_us, ip, calls, counted)
      SELECT to_timestamp(at / 1000), request_id, team_id, user_id, key_id, method, operation, status, code, required_permission, duration_us, ip, calls, calls
        FROM unnest($1::float8[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::smallint[],
                    $9::text[], $10::text[], $11::int[], $12::text[], $13::int[])
          AS call (at, request_id, team_id, user_id, key_id, method, operation, status, code, required_permission, duration_us, ip, calls)
      ON CONFLICT (request_id, at) DO UPDATE SET counted = excluded.calls - row.calls, calls = excluded.calls
        WHERE excluded.calls > row.calls
      RETURNING at, team_id, key_id, code, ip, counted
    ), outcome AS (
      SELECT team_id, key_id, date_trunc('hour', at, 'UTC') AS hour, coalesce(code, '') AS code, sum(counted) AS calls,
             max(at) AS last_at, (array_agg(ip ORDER BY at DESC))[1] AS last_ip
        FROM stored GROUP BY 1, 2, 3, 4
    ), hours AS (
      INSERT INTO activity_hour AS row (team_id, subject, hour, code, calls)
      SELECT team_id, subject, hour, code, sum(calls)
        FROM (SELECT team_id, coalesce(key_id, 'sessions') AS subject, hour, code, calls FROM outcome WHERE team_id IS NOT NULL
              UNION ALL
              SELECT team_id, 'keys', hour, code, calls FROM outcome WHERE key_id IS NOT NULL) AS moved
       GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
      ON CONFLICT (team_id, subject, hour, code) DO UPDATE SET calls = row.calls + excluded.calls
    )
    INSERT INTO api_key_last_used AS row (key_id, last_used_at, last_used_ip, refused_since_revocation)
    SELECT key_id, CASE WHEN used_at > now() THEN now() ELSE used_at END, used_ip, coalesce(refused, 0)
      FROM (SELECT key_id,
                   max(last_at) FILTER (WHERE code NOT IN ('key_revoked', 'key_expired', 'key_owner_inactive')) AS used_at,
                   (array_agg(last_ip ORDER BY last_at DESC)
                      FILTER (WHERE code NOT IN ('key_revoked', 'key_expired', 'key_owner_inactive')))[1] AS used_ip,
                   sum(calls) FILTER (WHERE code IN ('key_revoked', 'key_expired')) AS refused
              FROM outcome WHERE key_id IS NOT NULL GROUP BY key_id) AS used
      JOIN api_key ON api_key.id = used.key_id
     WHERE used_at IS NOT NULL OR refused > 0
     ORDER BY key_id
    ON CONFLICT (key_id) DO UPDATE SET
      last_used_ip = CASE WHEN row.last_used_at IS NULL OR excluded.last_used_at >= row.last_used_at
                          THEN coalesce(excluded.last_used_ip, row.last_used_ip) ELSE row.last_used_ip END,
      last_used_at = greatest(row.last_used_at, excluded.last_used_at),
      refused_since_revocation = row.refused_since_revocation + excluded.refused_since_revocation`,
};

export function createCallStore(pool: Pool): StoreCalls {
  return async (rows) => {
    await pool.query({
      ...STATEMENT,
      values: [
        numberArray(rows.map(({ at }) => at)),
        textArray(rows.map(({ requestId }) => requestId)),
        textArray(rows.map(({ teamId }) => teamId)),
        textArray(rows.map(({ userId }) => userId)),
        textArray(rows.map(({ keyId }) => keyId)),
        textArray(rows.map(({ method }) => method)),
        textArray(rows.map(({ operation }) => operation)),
        numberArray(rows.map(({ status }) => status)),
        textArray(rows.map(({ code }) => code)),
        textArray(rows.map(({ requiredPermission }) => requiredPermission)),
        numberArray(rows.map(({ durationUs }) => durationUs)),
        textArray(rows.map(({ ip }) => ip)),
        numberArray(rows.map(({ calls }) => calls)),
      ],
    });
  };
}

/** Whether it is one of the rows that the database refuses, and not the database that is not as it should be. */
export function isUnstorable(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? "");
}

/** The database's clock, in milliseconds since 1970. */
export async function readDatabaseTime(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ now: number }>(
    "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now",
  );
  const [row] = rows;
  if (row === undefined) throw new Error("A clock without a row.");
  return row.now;
}
