import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findRunningPostgres } from "../apps/server/src/platform/database/running-postgres.ts";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import { signIn, type Session } from "../e2e/client.ts";
import type { Product } from "../e2e/product.ts";
import { liftLimit } from "./lift-limit.ts";
import { alternate, type Target } from "./load.ts";
import { ceilingRow, ratioRow, type Row } from "./row.ts";
import { median } from "./statistics.ts";

const OWNER = "owner@globex.example";
const CONNECTIONS = 16;
/** Of pages with a total, one after the other: what a person waits. */
const SINGLE_REQUESTS = 40;
const FEW_KEYS = 100;
const MANY_KEYS = 100_000;

const FIELDS = `nodes { id name prefix status effectivePermissions createdAt expiresAt lastUsed createdBy { id name } }
    pageInfo { hasNextPage endCursor }`;
const PAGE = `query Page($teamId: ID!) { apiKeys(teamId: $teamId, first: 50) { ${FIELDS} } }`;
const PAGE_WITH_TOTAL = `query PageWithTotal($teamId: ID!) { apiKeys(teamId: $teamId, first: 50) { totalCount ${FIELDS} } }`;

type Contender = Required<Pick<Target, "method" | "url" | "body" | "headers">>;

/** A page of 50 keys as the page of keys asks for it, signed in, through the whole of the product. */
export async function measureGraphQL(product: Product): Promise<Row[]> {
  const database = await findRunningPostgres(product.dataDir, 5_000);
  if (database === null) throw new Error("The product's PostgreSQL was not found.");
  await liftLimit(product, OWNER);
  const session = await signIn(product, OWNER);
  const few = await seedTeam(database, session, "few", FEW_KEYS);
  const many = await seedTeam(database, session, "many", MANY_KEYS);
  await runSql(database, "VACUUM ANALYZE");
  const bare = await startBareList(database);
  try {
    const page = (teamId: string): Contender => ({
      method: "POST",
      url: `${product.url}/graphql`,
      body: JSON.stringify({ query: PAGE, variables: { teamId } }),
      headers: { "content-type": "application/json", origin: product.url, cookie: cookieOf(session) },
    });
    const statement: Contender = {
      method: "POST",
      url: `${bare.url}/keys`,
      body: JSON.stringify({ teamId: few }),
      headers: { "content-type": "application/json" },
    };
    await assertSameSize(page(few), statement);
    const loads = await alternate(
      [
        { name: "few", ...page(few) },
        { name: "many", ...page(many) },
        { name: "bare", ...statement },
      ],
      { connections: CONNECTIONS },
    );
    const { few: ofFew, many: ofMany, bare: ofBare } = loads;
    const [without = 0, withTotal = 0] = await waits(session, many);
    process.stderr.write(
      `graphql: ${ofFew.perSecond} / ${ofMany.perSecond} per s, bare ${ofBare.perSecond} per s; alone ${without} ms, with total ${withTotal} ms\n`,
    );
    return [
      ratioRow("`apiKeys(first: 50)` against one SQL statement behind Hono", ofFew.perSecond / ofBare.perSecond, 0.5),
      ceilingRow("the same at 100,000 keys in the team against 100", ofFew.perSecond / ofMany.perSecond, 1.3, "×"),
      ceilingRow("`totalCount` at 100,000 keys: added", withTotal - without, 30, "ms"),
    ];
  } finally {
    bare.process.kill("SIGTERM");
  }
}

/** Milliseconds for a page without and with its total, alternately, one after the other; medians. */
async function waits(session: Session, teamId: string): Promise<number[]> {
  const queries = [PAGE, PAGE_WITH_TOTAL];
  const milliseconds: number[][] = queries.map(() => []);
  for (let request = -5; request < SINGLE_REQUESTS; request += 1) {
    for (const [index, query] of queries.entries()) {
      const startedAt = performance.now();
      const { status, body } = await session.graphql(query, { teamId });
      if (status !== 200 || "errors" in (body as object)) throw new Error(JSON.stringify(body));
      if (request >= 0) milliseconds[index]?.push(performance.now() - startedAt);
    }
  }
  return milliseconds.map(median);
}

/** Both answer 50 keys with the same fields: neither may be spared bytes. */
async function assertSameSize(...contenders: readonly Contender[]): Promise<void> {
  const sizes = await Promise.all(
    contenders.map(
      async ({ url, body, headers }) => (await (await fetch(url, { method: "POST", body, headers })).text()).length,
    ),
  );
  const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)];
  if (largest > smallest * 1.05) throw new Error(`The answers hold ${sizes.join(" and ")} characters.`);
}

/** A team of the same person, with keys as rows: making them one by one would take minutes. Returns its id. */
async function seedTeam(database: string, session: Session, name: string, keys: number): Promise<string> {
  const create =
    "mutation ($input: CreateTeamInput!) { createTeam(input: $input) { ... on CreateTeamPayload { viewer { team { id } } } } }";
  const select = "mutation ($input: SelectTeamInput!) { selectTeam(input: $input) { __typename } }";
  const selected = await teamOf(session);
  await session.graphql(create, { input: { name: `Bench ${name}` } });
  const teamId = await teamOf(session);
  // The rate limit is the selected team's, which was lifted.
  await session.graphql(select, { input: { teamId: selected } });
  await runSql(
    database,
    `INSERT INTO api_key (id, team_id, created_by_id, member_id, name, prefix, secret_hash, pepper_id, permissions, created_at, expires_at)
     SELECT 'key_' || lpad(n::text, 10, '0') || right($1, 10), m.team_id, m.user_id, m.id, 'Key ' || (n * 7919 % 10000), 'lk_' || lpad((n % 10000)::text, 4, '0'),
            sha256(convert_to($1 || n, 'UTF8')), (SELECT id FROM pepper LIMIT 1), '{analytics:read,reports:read}',
            now() - make_interval(mins => n), CASE WHEN n % 3 = 0 THEN now() + make_interval(days => 1 + n % 300) END
       FROM generate_series(1, $2::int) AS n, member m WHERE m.team_id = $1`,
    [teamId, keys],
  );
  await runSql(
    database,
    `INSERT INTO api_key_last_used (key_id, last_used_at, last_used_ip)
     SELECT id, now() - make_interval(mins => (random() * 100000)::int), '203.0.113.1' FROM api_key WHERE team_id = $1`,
    [teamId],
  );
  return teamId;
}

async function teamOf(session: Session): Promise<string> {
  const { body } = await session.graphql("{ viewer { team { id } } }");
  return (body as { data: { viewer: { team: { id: string } } } }).data.viewer.team.id;
}

const cookieOf = ({ cookies }: Session): string => cookies.map(({ name, value }) => `${name}=${value}`).join("; ");

async function startBareList(database: string): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "bare-list.ts"), database], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [url] = (await once(createInterface(child.stdout), "line")) as [string];
  return { url, process: child };
}
