import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditFilter } from "../packages/types/src/inputs/audit-log.ts";
import { createAuditLogRepository } from "../apps/server/src/modules/audit/audit-log.repository.ts";
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from "../apps/server/src/platform/database/embedded-postgres.ts";
import { migrate } from "../apps/server/src/platform/database/migrations.ts";
import { createPgPool } from "../apps/server/src/platform/database/pools.ts";
import { createRead } from "../apps/server/src/platform/database/reader.ts";
import { quietLog } from "../apps/server/test/database/quiet-log.ts";
import { endProducts, newDataDir } from "./product.ts";

// What a page of the audit log costs does not grow with the log: told by the rows that PostgreSQL looks at, which are
// the same on every machine.

const EVENTS = 200_000;
const PAGE = 50;
/** A page for each value that is looked up (a key is two: what was done to it, and with it), and the page itself. */
const MOST_ROWS = 4 * PAGE;

let postgres: EmbeddedPostgres;
let pool: ReturnType<typeof createPgPool>;
let log: ReturnType<typeof createAuditLogRepository>;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ dataDir: await newDataDir(), log: quietLog, durable: false });
  await migrate({ url: postgres.url, log: quietLog });
  const timeouts = { acquireMs: 5_000, queryMs: 120_000, statementMs: 120_000, lockMs: 5_000 };
  // One connection, so that its statistics are those of all that is asked here.
  pool = createPgPool(postgres.url, { log: quietLog, max: 1, name: "test", timeouts });
  await pool.query(`
    INSERT INTO "user" (id, name, email, updated_at)
    SELECT 'user_' || n, 'Person ' || n, 'person-' || n || '@acme.example', now() FROM generate_series(0, 99) n;
    INSERT INTO team (id, name, slug) VALUES ('team_1', 'Acme Ads', 'acme-ads'), ('team_2', 'Globex', 'globex');
    INSERT INTO audit_event (id, team_id, at, actor_id, action, target_id, ip, request_id)
    SELECT 'evt_' || lpad(n::text, 20, '0'), 'team_' || 1 + n / 20 % 2, now() - make_interval(secs => n * 60), 'user_' || n % 100,
           CASE WHEN n % 50000 = 0 THEN 'team.created' ELSE 'api_key.renamed' END, 'key_' || n % 997, '203.0.113.' || n % 250,
           'req_' || n
      FROM generate_series(1, ${EVENTS}) n;`);
  await pool.query("VACUUM ANALYZE audit_event");
  log = createAuditLogRepository(createRead(pool));
}, 120_000);
afterAll(async () => {
  await pool.end();
  await postgres.stop();
  await endProducts();
});

/** Rows of the log that were fetched since it was last asked, and how often it was read from end to end. */
async function looks(): Promise<{ rows: number; wholly: number }> {
  await pool.query("SELECT pg_stat_force_next_flush()");
  const { rows } = await pool.query<{ rows: number; wholly: number }>(
    `SELECT (seq_tup_read + idx_tup_fetch)::int AS rows, seq_scan::int AS wholly
       FROM pg_stat_user_tables WHERE relname = 'audit_event'`,
  );
  await pool.query("SELECT pg_stat_reset()");
  return rows[0] ?? { rows: -1, wholly: -1 };
}

const monthsAgo = (months: number) => new Date(Date.now() - months * 30 * 86_400_000);
const page = async (filter: AuditFilter, after: { at: Date; id: string } | null = null) => {
  await looks();
  const events = await log.listPage({ teamId: "team_1", filter, search: null, after, limit: PAGE });
  return { events, ...(await looks()) };
};

test.each<[string, AuditFilter, number]>([
  ["of any kind", {}, PAGE],
  ["of a key", { keyId: "key_7" }, PAGE],
  ["of a key that nothing happened to", { keyId: "key_none" }, 0],
  ["by a person", { actorId: "user_7" }, PAGE],
  ["of an action", { actions: ["api_key.renamed"] }, PAGE],
  ["of an action that hardly ever happened", { actions: ["team.created"] }, 4],
  ["of a month", { from: monthsAgo(3), to: monthsAgo(2) }, PAGE],
  ["of a key in a month", { keyId: "key_7", from: monthsAgo(3), to: monthsAgo(1) }, PAGE],
])("a page of events %s looks at few of the log's rows", async (_name, filter, atMost) => {
  const { events, rows, wholly } = await page(filter);
  expect(events.length).toBeLessThanOrEqual(atMost);
  expect(events.length > 0).toBe(atMost > 0);
  expect({ wholly, isFew: rows <= MOST_ROWS, rows }).toEqual({ wholly: 0, isFew: true, rows });
});

test("a late page looks at no more than the first", async () => {
  const { events, rows, wholly } = await page({}, { at: monthsAgo(4), id: "evt_z" });
  expect(events).toHaveLength(PAGE);
  expect({ wholly, isFew: rows <= MOST_ROWS, rows }).toEqual({ wholly: 0, isFew: true, rows });
});
