import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiKeyFilter, ApiKeyOrder } from "@latchkey/types/inputs/api-key-list";
import { API_KEY_ORDER_FIELDS, ORDER_DIRECTIONS } from "@latchkey/types/inputs/api-key-list";
import { graphql, rest } from "../../../test/doors.ts";
import { statementsOf, withoutUpkeep } from "../../../test/statement-count.ts";
import { Story, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";
import type { ApiKey } from "./api-key.ts";

const KEYS = 137;
const DAY = 24 * 60 * 60 * 1000;

let server: TestServer;
let story: Story;
let acme: Team;
let all: ApiKey[];

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
  await insertKeys(acme, KEYS);
  all = await everyKey({}, { field: "CREATED_AT", direction: "DESC" }, 100);
});
afterAll(() => server.close());

/** Many keys with every kind of value, ties and nulls; inserted as rows, because their past is the point. */
async function insertKeys({ id, owner }: Team, count: number): Promise<void> {
  await server.sql(
    `INSERT INTO api_key (id, team_id, created_by_id, member_id, name, prefix, secret_hash, pepper_id, permissions, created_at, expires_at, revoked_at, revoked_by_id)
     SELECT 'key_' || lpad(n::text, 20, '0'), $1, $2, (SELECT id FROM member WHERE team_id = $1 AND user_id = $2),
            (ARRAY['Alpha','beta','Gamma 100%','delta_x','Émile'])[1 + n % 5] || ' ' || (n % 17), 'lk_' || lpad((n % 50)::text, 4, '0'),
            sha256(convert_to('row ' || n || $1, 'UTF8')), 'test', CASE WHEN n % 3 = 0 THEN '{analytics:read}'::text[] ELSE '{reports:read,billing:read}' END,
            now() - make_interval(hours => 24 * 400 + (n % 40)),
            CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN now() - make_interval(days => 1 + n % 6) WHEN 2 THEN now() + make_interval(days => 1 + n % 20) ELSE now() + interval '300 days' END,
            CASE WHEN n % 7 = 0 THEN now() - interval '1 day' END, CASE WHEN n % 7 = 0 THEN $2 END
       FROM generate_series(1, $3::int) AS n`,
    [id, owner.id, count],
  );
  await server.sql(
    `INSERT INTO api_key_last_used (key_id, last_used_at, last_used_ip)
     SELECT id, now() - make_interval(days => (substr(id, 5)::int % 45)), '203.0.113.1' FROM api_key WHERE team_id = $1 AND substr(id, 5)::int % 3 <> 1`,
    [id],
  );
}

async function everyKey(filter: ApiKeyFilter, orderBy: ApiKeyOrder, first: number): Promise<ApiKey[]> {
  const context = await story.contextOf(acme.owner);
  const keys: ApiKey[] = [];
  for (let after: string | null = null; ;) {
    const page = await server.services.apiKeys.list(context, { first, after, filter, orderBy });
    keys.push(...page.keys.map(({ key }) => key));
    after = page.keys.at(-1)?.cursor ?? null;
    if (!page.hasMore) return keys;
  }
}

const VALUES: Record<ApiKeyOrder["field"], (key: ApiKey) => string | number | null> = {
  CREATED_AT: (key) => key.createdAt.getTime(),
  NAME: (key) => key.name.toLowerCase(),
  EXPIRES_AT: (key) => key.expiresAt?.getTime() ?? null,
  LAST_USED: (key) => key.lastUsed?.getTime() ?? null,
};

/** The same order, by the plainest means. */
function sorted(keys: readonly ApiKey[], { field, direction }: ApiKeyOrder): string[] {
  const sign = direction === "ASC" ? 1 : -1;
  const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
  return keys
    .toSorted((a, b) => {
      const [x, y] = [VALUES[field](a), VALUES[field](b)];
      if (x === null || y === null) return x === y ? sign * compare(a.id, b.id) : x === null ? 1 : -1;
      return sign * (compare(x, y) || compare(a.id, b.id));
    })
    .map(({ id }) => id);
}

/** The same conditions, by the plainest means. */
function matching(keys: readonly ApiKey[], filter: ApiKeyFilter, now: number): ApiKey[] {
  return keys.filter((key) => {
    if (filter.status && !filter.status.includes(key.status)) return false;
    if (filter.search) {
      const search = filter.search.toLowerCase();
      if (!key.name.toLowerCase().includes(search) && !key.prefix.startsWith(filter.search)) return false;
    }
    if (filter.permission && !key.permissions.includes(filter.permission)) return false;
    if (filter.expiresSoon != null && key.expiresSoon !== filter.expiresSoon) return false;
    if (filter.neverUsed != null && (key.lastUsed === null) !== filter.neverUsed) return false;
    if (filter.unusedForDays != null && (key.lastUsed ?? key.createdAt).getTime() > now - filter.unusedForDays * DAY)
      return false;
    return true;
  });
}

const filters = fc.record(
  {
    status: fc.subarray(["ACTIVE", "EXPIRED", "REVOKED"] as const, { minLength: 1 }),
    search: fc.constantFrom("alpha", "BETA", "100%", "a_x", "lk_00", "Émile 3", "\\", "'; DROP TABLE api_key; --"),
    permission: fc.constantFrom("analytics:read", "billing:read", "nothing:here"),
    expiresSoon: fc.boolean(),
    neverUsed: fc.boolean(),
    unusedForDays: fc.constantFrom(1, 20, 30, 365),
  },
  { requiredKeys: [] },
);
const orders = fc.record({
  field: fc.constantFrom(...API_KEY_ORDER_FIELDS),
  direction: fc.constantFrom(...ORDER_DIRECTIONS),
});

describe("paging through keys", () => {
  test("meets every key that matches once, in order, whatever the filter, order and page size", async () => {
    expect(all).toHaveLength(KEYS);
    await fc.assert(
      fc.asyncProperty(filters, orders, fc.integer({ min: 7, max: 100 }), async (filter, order, first) => {
        const found = (await everyKey(filter, order, first)).map(({ id }) => id);
        expect(found).toEqual(sorted(matching(all, filter, Date.now()), order));
      }),
      { numRuns: 60 },
    );
  });

  test("is not disturbed by a key that is made meanwhile", async () => {
    const context = await story.contextOf(acme.owner);
    const first = await server.services.apiKeys.list(context, { first: 10 });
    const { id } = await story.key(acme.owner, { name: "Meanwhile" });
    const second = await server.services.apiKeys.list(context, { first: 10, after: first.keys.at(-1)?.cursor });
    expect([...first.keys, ...second.keys].map(({ key }) => key.id)).toEqual(all.slice(0, 20).map((key) => key.id));
    await server.sql("ALTER TABLE api_key DISABLE TRIGGER USER");
    await server.sql("DELETE FROM api_key WHERE id = $1", [id]);
    await server.sql("ALTER TABLE api_key ENABLE TRIGGER USER");
  });

  test("says of each key what a look-up by its id says", async () => {
    const context = await story.contextOf(acme.owner);
    const found = await server.services.apiKeys.findVisible(
      context,
      all.map(({ id }) => id),
    );
    const byId = (keys: readonly ApiKey[]) => keys.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId(found)).toEqual(byId(all));
  });

  test("takes one statement a page, one more for the total and one for the counts", async () => {
    const context = await story.contextOf(acme.owner);
    const { statements } = await statementsOf(async () => {
      const page = await server.services.apiKeys.list(context, {
        first: 50,
        orderBy: { field: "LAST_USED", direction: "DESC" },
      });
      await Promise.all([page.total(), page.total(), page.counts(), page.counts()]);
    });
    expect(statements).toHaveLength(3);
  });

  test("with everything a page shows takes as many statements for 50 keys as for one", async () => {
    const query = `query ($first: Int!) { apiKeys(first: $first) { totalCount counts { active } nodes {
      id createdBy { name email isMember } effectivePermissions blockedReason lastUsed replaces { name } replacedBy { name } } } }`;
    const ask = async (first: number) =>
      withoutUpkeep((await statementsOf(() => graphql(server, acme.owner, query, { first }))).statements);
    await ask(1);
    const [forOne, forFifty] = [await ask(1), await ask(50)];
    expect(forFifty).toHaveLength(forOne.length);
    // The session with its person, the page, the total, the counts.
    expect(forOne).toHaveLength(4);
  });
});

describe("what a list says of itself", () => {
  test("totalCount counts what matches, counts what there is", async () => {
    const { data } = await graphql(
      server,
      acme.owner,
      `
        {
          apiKeys(first: 1, filter: { status: [REVOKED] }) {
            totalCount
            counts {
              active
              expired
              revoked
            }
            pageInfo {
              hasNextPage
              hasPreviousPage
            }
          }
        }
      `,
    );
    const of = (status: string) => all.filter((key) => key.status === status).length;
    expect(data.apiKeys.totalCount).toBe(of("REVOKED"));
    expect(data.apiKeys.counts).toEqual({ active: of("ACTIVE"), expired: of("EXPIRED"), revoked: of("REVOKED") });
    expect(data.apiKeys.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false });
  });

  test("REST pages with the same cursors, and links to the next page", async () => {
    const first = await rest(
      server,
      { person: acme.owner },
      "GET",
      "/api-keys?limit=40&orderBy=NAME&direction=ASC&status=ACTIVE&status=EXPIRED",
    );
    const link = /<(.+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1];
    expect(link).toContain(encodeURIComponent(first.body.page.nextCursor));
    const second = await rest(server, { person: acme.owner }, "GET", (link ?? "").replace("/api/v1", ""));
    const ids = [...first.body.data, ...second.body.data].map(({ id }: { id: string }) => id);
    const expected = sorted(matching(all, { status: ["ACTIVE", "EXPIRED"] }, Date.now()), {
      field: "NAME",
      direction: "ASC",
    });
    expect(ids).toEqual(expected.slice(0, ids.length));
    expect(ids.length).toBeGreaterThan(60);
  });

  test.each([
    [
      "a cursor of another order",
      async () =>
        (
          await server.services.apiKeys.list(await story.contextOf(acme.owner), {
            orderBy: { field: "NAME", direction: "ASC" },
            first: 1,
          })
        ).keys[0]?.cursor,
    ],
    [
      "a cursor of another filter",
      async () =>
        (
          await server.services.apiKeys.list(await story.contextOf(acme.owner), {
            filter: { status: ["ACTIVE"] },
            first: 1,
          })
        ).keys[0]?.cursor,
    ],
    ["no cursor at all", async () => "nonsense"],
    ["an array that is none", async () => Buffer.from('["x",null,7]').toString("base64url")],
    [
      "a time that is none",
      async () =>
        (
          (await server.services.apiKeys.list(await story.contextOf(acme.owner), { first: 1 })).keys[0]?.cursor ?? ""
        ).slice(0, 24),
    ],
  ])("%s is refused by both doors", async (_what, makeCursor) => {
    const cursor = await makeCursor();
    const graph = await graphql(
      server,
      acme.owner,
      "query ($after: String) { apiKeys(after: $after) { totalCount } }",
      { after: cursor },
    );
    expect(graph.errors[0]?.extensions).toMatchObject({ code: "invalid_input", errors: [{ path: ["after"] }] });
    const answer = await rest(server, { person: acme.owner }, "GET", `/api-keys?cursor=${cursor}`);
    expect([answer.status, answer.body.code, answer.body.errors[0].path]).toEqual([422, "invalid_input", ["cursor"]]);
  });

  test.each([
    ["limit=0"],
    ["limit=101"],
    ["limit=-1"],
    ["limit=1.5"],
    ["limit=ten"],
    ["status=LOST"],
    ["unusedForDays=0"],
    ["expiresSoon=maybe"],
    ["orderBy=SECRET"],
    ["direction=UP"],
    ["colour=red"],
    ["createdById=a%20b"],
  ])("?%s is 422", async (query) => {
    const answer = await rest(server, { person: acme.owner }, "GET", `/api-keys?${query}`);
    expect([answer.status, answer.body.code]).toEqual([422, "invalid_input"]);
    expect(answer.body.errors[0].path[0]).toBe(query.split("=")[0]);
  });
});
