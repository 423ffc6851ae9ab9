import type pg from "pg";

/** Ninety days of calls, as many as wanted, of teams and keys that are ids only. */
export interface FilledActivity {
  readonly teamIds: readonly string[];
  /** All called until now, some of them a hundred times as often as others. */
  readonly keys: readonly { readonly teamId: string; readonly keyId: string }[];
  /** Their last calls are eighty days ago. */
  readonly idle: { readonly teamId: string; readonly keyId: string };
  readonly never: { readonly teamId: string; readonly keyId: string };
}

const DAYS = 90;
const TEAMS = 50;
const KEYS = 1_000;
const IDLE_CALLS = 120;
const IDLE_DAYS = 80;
/** A partition of a million rows is indexed and counted in memory. */
const SORT_MEMORY = "256MB";

const tableOf = (day: string) => `activity_${day.replaceAll("-", "")}`;
const idOf = (kind: "team" | "key", number: number | string) => `${kind}_${String(number).padStart(20, "0")}`;

/** Whose calls any filling has. */
export const FILLED: FilledActivity = {
  teamIds: Array.from({ length: TEAMS }, (_, team) => idOf("team", team)),
  keys: Array.from({ length: KEYS }, (_, key) => ({ teamId: idOf("team", key % TEAMS), keyId: idOf("key", key) })),
  idle: { teamId: idOf("team", 0), keyId: idOf("key", "idle") },
  never: { teamId: idOf("team", 0), keyId: idOf("key", "never") },
};

/** Each partition is filled as a plain table, and indexed and attached when it is full: a tenth of the time. */
export async function fillActivity(pool: pg.Pool, rows: number): Promise<FilledActivity> {
  for (let daysAgo = DAYS; daysAgo >= 1; daysAgo -= 1) {
    const day = new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
    const calls = Math.ceil(rows / DAYS);
    await pool.query(fillingOf(day, calls, daysAgo === IDLE_DAYS ? FILLED.idle : null));
    // As autovacuum does it in time: nobody who reads is to be the first to.
    await pool.query(`VACUUM (ANALYZE) ${tableOf(day)}`);
  }
  await pool.query("VACUUM (ANALYZE) activity_hour");
  await pool.query("ANALYZE ONLY activity");
  return FILLED;
}

function fillingOf(day: string, calls: number, idle: FilledActivity["idle"] | null): string {
  const table = tableOf(day);
  const columns = "at, request_id, team_id, user_id, key_id, method, operation, status, code, duration_us, ip";
  const requestId = "'req_' || left(md5(random()::text), 20)";
  return `
    SET LOCAL maintenance_work_mem = '${SORT_MEMORY}';
    SET LOCAL work_mem = '${SORT_MEMORY}';
    DO $$ BEGIN
      IF to_regclass('${table}') IS NOT NULL THEN DROP TABLE ${table}; END IF;
    END $$;
    CREATE TABLE ${table} (LIKE activity INCLUDING DEFAULTS);
    INSERT INTO ${table} (${columns})
    SELECT timestamptz '${day} 00:00:00+00' + make_interval(secs => 86400.0 * n / ${calls + 1}), ${requestId},
           'team_' || lpad((key % ${TEAMS})::text, 20, '0'), 'user_aaaaaaaaaaaaaaaaaaaa', 'key_' || lpad(key::text, 20, '0'),
           'GET', '/api/v1/verify', CASE WHEN n % 50 = 0 THEN 403 ELSE 204 END,
           CASE WHEN n % 50 = 0 THEN 'permission_missing' END, 900, '203.0.113.9'
      FROM (SELECT n, floor(${KEYS} * random() * random())::int AS key FROM generate_series(1, ${calls}) AS n) AS call;
    ${
      idle === null
        ? ""
        : `INSERT INTO ${table} (${columns})
           SELECT timestamptz '${day} 12:00:00+00' + make_interval(secs => 30 * n), ${requestId}, '${idle.teamId}',
                  'user_aaaaaaaaaaaaaaaaaaaa', '${idle.keyId}', 'GET', '/api/v1/verify', 204, NULL, 900, '203.0.113.9'
             FROM generate_series(1, ${IDLE_CALLS}) AS n;`
    }
    ALTER TABLE ${table} ADD PRIMARY KEY (request_id, at);
    CREATE INDEX ON ${table} (key_id, at DESC);
    CREATE INDEX ON ${table} (team_id, at DESC);
    ALTER TABLE activity ATTACH PARTITION ${table}
      FOR VALUES FROM ('${day} 00:00:00+00') TO (timestamptz '${day} 00:00:00+00' + interval '1 day');
    INSERT INTO activity_hour (team_id, subject, hour, code, calls)
    SELECT team_id, coalesce(key_id, 'keys'), date_trunc('hour', at, 'UTC'), coalesce(code, ''), count(*)
      FROM ${table}
     GROUP BY GROUPING SETS ((team_id, key_id, date_trunc('hour', at, 'UTC'), code), (team_id, date_trunc('hour', at, 'UTC'), code))`;
}
