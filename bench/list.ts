import { signIn, type Session } from "../e2e/client.ts";
import type { Product } from "../e2e/product.ts";
import { findRunningPostgres } from "../apps/server/src/platform/database/running-postgres.ts";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import { liftLimit } from "./lift-limit.ts";
import { percentile } from "./statistics.ts";

const KEYS = 10_000;
const PAGE = 50;
const REQUESTS = 200;

interface Latency {
  readonly name: string;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
}

const QUERY = `query ($after: String, $filter: ApiKeyFilter, $orderBy: ApiKeyOrderBy) {
  apiKeys(first: ${PAGE}, after: $after, filter: $filter, orderBy: $orderBy) {
    pageInfo { hasNextPage endCursor }
    nodes { id name prefix status blockedReason effectivePermissions createdAt expiresAt lastUsed createdBy { id name isMember } }
  } }`;

/** Pages of a team with 10,000 keys: the first, a late one, and under filters and other orders. */
export async function measureList(product: Product): Promise<Latency[]> {
  await seed(product);
  await liftLimit(product, "owner@globex.example");
  const session = await signIn(product, "owner@globex.example", "latchkey-demo");
  const pages = [
    { name: "first, newest first", variables: {} },
    { name: "200th, newest first", variables: { after: await cursorBefore(session, 200) } },
    { name: "first, by name", variables: { orderBy: { field: "NAME", direction: "ASC" } } },
    { name: "first, by last use", variables: { orderBy: { field: "LAST_USED", direction: "DESC" } } },
    { name: "first, active ones that a search finds", variables: { filter: { status: ["ACTIVE"], search: "key 77" } } },
  ];
  const milliseconds = new Map<string, number[]>(pages.map(({ name }) => [name, []]));
  for (let request = -20; request < REQUESTS; request += 1) {
    for (const { name, variables } of pages) {
      const startedAt = performance.now();
      const { status, body } = await session.graphql(QUERY, variables);
      if (status !== 200 || "errors" in (body as object)) throw new Error(`${name}: ${JSON.stringify(body)}`);
      if (request >= 0) milliseconds.get(name)?.push(performance.now() - startedAt);
    }
  }
  return [...milliseconds].map(([name, values]) => ({
    name,
    p50: percentile(values, 0.5),
    p95: percentile(values, 0.95),
  }));
}

async function cursorBefore(session: Session, page: number): Promise<string> {
  let after: string | null = null;
  for (let reached = 1; reached < page; reached += 1) {
    const { body } = await session.graphql(QUERY, { after });
    after = (body as { data: { apiKeys: { pageInfo: { endCursor: string } } } }).data.apiKeys.pageInfo.endCursor;
  }
  if (after === null) throw new Error("There is no page before the first.");
  return after;
}

/** As rows: making them one by one would take minutes, and only their number matters here. */
async function seed({ dataDir }: Product): Promise<void> {
  const url = await findRunningPostgres(dataDir, 5_000);
  if (url === null) throw new Error("The product's PostgreSQL was not found.");
  await runSql(
    url,
    `INSERT INTO api_key (id, team_id, created_by_id, member_id, name, prefix, secret_hash, pepper_id, permissions, created_at, expires_at)
     SELECT 'key_' || lpad(n::text, 20, '0'), m.team_id, m.user_id, m.id, 'Key ' || (n * 7919 % ${KEYS}), 'lk_' || lpad((n % 10000)::text, 4, '0'),
            sha256(convert_to('bench ' || n, 'UTF8')), (SELECT id FROM pepper LIMIT 1), '{analytics:read,reports:read}',
            now() - make_interval(mins => n), CASE WHEN n % 3 = 0 THEN now() + make_interval(days => 1 + n % 300) END
       FROM generate_series(1, ${KEYS}) AS n, member m JOIN "user" u ON u.id = m.user_id WHERE u.email = 'owner@globex.example'`,
  );
  await runSql(
    url,
    `INSERT INTO api_key_last_used (key_id, last_used_at, last_used_ip)
     SELECT id, now() - make_interval(mins => (random() * 100000)::int), '203.0.113.1' FROM api_key WHERE id LIKE 'key_0000%' AND random() < 0.8`,
  );
  await runSql(url, "ANALYZE");
}
