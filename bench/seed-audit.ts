import { findRunningPostgres } from "../apps/server/src/platform/database/running-postgres.ts";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import type { Product } from "../e2e/product.ts";

/** Of one team, over two years. */
export const AUDIT_EVENTS = 1_000_000;

/** As rows: what writes an event is not measured here. Every key and person of the demo has its share. */
export async function seedAuditEvents({ dataDir }: Product): Promise<void> {
  const url = await findRunningPostgres(dataDir, 5_000);
  if (url === null) throw new Error("The product's PostgreSQL was not found.");
  await runSql(
    url,
    `WITH team AS (SELECT id FROM team WHERE slug = 'acme-ads'),
          keys AS (SELECT array_agg(k.id ORDER BY k.id) AS ids FROM api_key k JOIN team t ON t.id = k.team_id),
          people AS (SELECT array_agg(m.user_id ORDER BY m.user_id) AS ids FROM member m JOIN team t ON t.id = m.team_id)
     INSERT INTO audit_event (id, team_id, at, actor_id, action, target_id, before, after, ip, user_agent, request_id)
     SELECT 'evt_' || lpad(n::text, 20, '0'), (SELECT id FROM team), now() - make_interval(secs => n * 60),
            people.ids[1 + n % cardinality(people.ids)], (ARRAY['api_key.renamed', 'api_key.created', 'api_key.revoked'])[1 + n % 3],
            keys.ids[1 + n * 7 % cardinality(keys.ids)], '{"name": "Before"}', jsonb_build_object('name', 'After ' || n),
            '203.0.113.' || n % 250, 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', 'req_' || lpad(n::text, 20, '0')
       FROM generate_series(1, ${AUDIT_EVENTS}) AS n, keys, people`,
  );
  await runSql(url, "VACUUM ANALYZE audit_event");
}
