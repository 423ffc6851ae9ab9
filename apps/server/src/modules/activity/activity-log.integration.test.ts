import type { ErrorCode } from "@latchkey/types/error-codes";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callRow } from "../../../test/calls.ts";
import { graphql, rest } from "../../../test/doors.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";
import { createRead } from "../../platform/database/reader.ts";
import type { CallCursor } from "./activity-reading.repository.ts";
import { createCallSearching, type FoundCalls } from "./call-search.repository.ts";
import type { CallRow } from "./call.ts";

let server: TestServer;
let story: Story;
let acme: Team;
let globex: Team;
let admin: Person;
let bi: { id: string; secret: string };
let feed: { id: string; secret: string };
let canary: { id: string };

const HOUR = 3_600_000;
/** The middle of an hour, so that what lies minutes apart lies in the same. */
const NOON = Math.floor(Date.now() / HOUR) * HOUR - HOUR / 2;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
  globex = await story.team("Globex Media");
  admin = await story.member(acme, "admin");
  bi = await story.key(acme.owner, { name: "BI dashboard", permissions: ["reports:read"] });
  feed = await story.key(admin, { name: "=Partner feed", permissions: ["audit_log:read"] });
  canary = await story.key(globex.owner, { name: "Canary" });
  const calls = (key: { id: string }, userId: string, rows: Partial<CallRow>[]) =>
    server.activity.store(rows.map((row) => callRow({ id: key.id, teamId: acme.id, userId }, row)));
  await calls(bi, acme.owner.id, [
    { at: NOON },
    { at: NOON - 1_000, operation: "/api/v1/verify", status: 403, code: "permission_missing" },
    { at: NOON - 26 * HOUR, operation: "/api/v1/verify", status: 429, code: "rate_limited", calls: 12 },
    { at: NOON - 20 * 24 * HOUR, operation: "/api/v1/members", status: 503, code: "unavailable", ip: "203.0.113.77" },
  ]);
  await calls(feed, admin.id, [{ at: NOON - 2_000 }, { at: NOON - 2 * HOUR, status: 401, code: "key_revoked" }]);
  await server.activity.store([callRow({ id: canary.id, teamId: globex.id, userId: globex.owner.id }, { at: NOON })]);
});
afterAll(() => server.close());

const LOG = `query ($teamId: ID, $first: Int, $after: String, $filter: ActivityFilter) {
  activity(teamId: $teamId, first: $first, after: $after, filter: $filter) { searchedUntil
    pageInfo { hasNextPage endCursor } nodes { requestId at apiKey { id name } actor { id } operation status code ip calls } } }`;

const read = async (variables: object = {}) => (await graphql(server, admin, LOG, variables)).data.activity;
/** Without the calls that the tests themselves make, which are made with sessions. */
const found = async (filter: object): Promise<string[]> => {
  const { nodes, searchedUntil } = await read({ filter: { credential: "API_KEY", ...filter } });
  expect(searchedUntil).toBeNull();
  return nodes.map(({ apiKey, status }: { apiKey: { name: string }; status: number }) => `${apiKey.name} ${status}`);
};
const take = (accept: string, query: string, headers: Record<string, string> = { cookie: admin.cookie }) =>
  server.fetch(`/api/v1/activity${query}`, { headers: { accept, ...headers } });

describe("the record of calls", () => {
  test("tells what a key did, newest first", async () => {
    expect((await read({ filter: { keyId: bi.id } })).nodes).toMatchObject([
      {
        at: new Date(NOON).toISOString(),
        apiKey: { id: bi.id, name: "BI dashboard" },
        actor: { id: acme.owner.id },
        code: null,
      },
      { operation: "/api/v1/verify", status: 403, code: "permission_missing", calls: 1 },
      { status: 429, calls: 12 },
      { status: 503, ip: "203.0.113.77" },
    ]);
  });

  test("of another team is not found, and its key and people find nothing here", async () => {
    const foreign = await graphql(server, admin, LOG, { teamId: globex.id });
    const random = await graphql(server, admin, LOG, { teamId: "team_00000000000000000000" });
    expect([foreign.data, foreign.errors[0]?.extensions.code]).toEqual([random.data, "not_found"]);
    expect((await read({ filter: { keyId: canary.id } })).nodes).toEqual([]);
    expect(await found({ keyId: canary.id })).toEqual([]);
    expect(await found({ actorId: globex.owner.id })).toEqual([]);
    expect(await found({ search: "Canary" })).toEqual([]);
  });

  test("comes in pages that skip and repeat nothing, whatever the filter", async () => {
    for (const filter of [
      { credential: "API_KEY" },
      { keyId: bi.id },
      { codes: ["rate_limited", "key_revoked", "unavailable"] },
    ]) {
      const all = (await read({ filter })).nodes.map(({ requestId }: { requestId: string }) => requestId);
      expect(all.length).toBeGreaterThan(2);
      const paged: string[] = [];
      for (let after: string | null = null, hasMore = true; hasMore;) {
        const page = await read({ filter, first: 1, after });
        paged.push(...page.nodes.map(({ requestId }: { requestId: string }) => requestId));
        ({ hasNextPage: hasMore, endCursor: after } = page.pageInfo);
      }
      expect(paged).toEqual(all);
    }
  });
});

test("a search that takes too long tells how far it came, and goes on there without a gap", async () => {
  const pool = new pg.Pool({ connectionString: server.databaseUrl, max: 1 });
  try {
    const { search } = createCallSearching(createRead(pool), 90);
    const codes: ErrorCode[] = ["permission_missing", "rate_limited", "unavailable"];
    const selection = { teamId: acme.id, filter: { keyId: bi.id, codes }, search: null };
    const whole = await search(selection, null, 10, () => false);
    const pieces: (string | null)[] = [];
    let searches = 0;
    for (let before: CallCursor | null = null, isOver = false; !isOver; searches += 1) {
      const { calls, end }: FoundCalls = await search(selection, before, 10, () => true);
      pieces.push(...calls.map(({ code }) => code));
      before = end;
      isOver = end === null;
    }
    expect(searches).toBeGreaterThan(2);
    expect(pieces.slice(-3)).toEqual(["permission_missing", "rate_limited", "unavailable"]);
    expect(pieces).toEqual(whole.calls.map(({ code }) => code));
  } finally {
    await pool.end();
  }
});

describe("its filters", () => {
  test("by key, person, credential, operation, status, code and time, alone and together", async () => {
    expect(await found({ keyId: feed.id })).toEqual(["=Partner feed 200", "=Partner feed 401"]);
    expect(await found({ actorId: admin.id })).toEqual(["=Partner feed 200", "=Partner feed 401"]);
    expect(await found({ operation: "/api/v1/verify" })).toEqual(["BI dashboard 403", "BI dashboard 429"]);
    expect(await found({ statusClasses: ["STATUS_2XX"] })).toEqual(["BI dashboard 200", "=Partner feed 200"]);
    expect(await found({ statusClasses: ["STATUS_4XX"], keyId: bi.id })).toEqual([
      "BI dashboard 403",
      "BI dashboard 429",
    ]);
    expect(await found({ statusClasses: ["STATUS_5XX"] })).toEqual(["BI dashboard 503"]);
    expect(await found({ codes: ["key_revoked", "rate_limited"] })).toEqual(["=Partner feed 401", "BI dashboard 429"]);
    const day = { from: new Date(NOON - 24 * HOUR).toISOString(), to: new Date(NOON).toISOString() };
    expect(await found(day)).toEqual(["BI dashboard 403", "=Partner feed 200", "=Partner feed 401"]);
    expect(await found({ ...day, codes: ["rate_limited"] })).toEqual([]);
    await server.activity.flush();
    const sessions = (await read({ filter: { credential: "SESSION" } })).nodes;
    expect(sessions.length).toBeGreaterThan(0);
    expect(sessions.every(({ apiKey }: { apiKey: unknown }) => apiKey === null)).toBe(true);
  });

  test("by text: a part of an operation or of a key's name, an address or a request's id as a whole", async () => {
    expect(await found({ search: "verif" })).toEqual(["BI dashboard 403", "BI dashboard 429"]);
    expect(await found({ search: "partner" })).toEqual(["=Partner feed 200", "=Partner feed 401"]);
    expect(await found({ search: "203.0.113.77" })).toEqual(["BI dashboard 503"]);
    expect(await found({ search: "203.0.113" })).toEqual([]);
    expect(await found({ search: "%" })).toEqual([]);
    const [{ requestId }] = (await read({ filter: { keyId: bi.id } })).nodes;
    expect(await found({ search: ` ${requestId} ` })).toEqual(["BI dashboard 200"]);
    expect(await found({ search: requestId, keyId: feed.id })).toEqual([]);
  });

  test("bind the cursor: under another filter it is refused", async () => {
    const { pageInfo } = await read({ first: 1 });
    const { errors } = await graphql(server, admin, LOG, { after: pageInfo.endCursor, filter: { keyId: bi.id } });
    expect(errors[0]?.extensions.code).toBe("invalid_input");
  });

  test.each([
    "code=none",
    "status=3xx",
    "credential=COOKIE",
    "from=yesterday",
    "keyId=a%20b",
    "search=%00",
    "operation=",
  ])("refuse ?%s", async (query) => {
    expect((await rest(server, { person: admin }, "GET", `/activity?${query}`)).body.code).toBe("invalid_input");
  });
});

describe("an export", () => {
  test("as NDJSON holds every call once, newest first, over many batches", async () => {
    const busy = await story.team("Busy");
    const key = await story.key(busy.owner, { name: "Busy" });
    await server.activity.store(
      Array.from({ length: 1_500 }, (_, n) =>
        callRow(
          { id: key.id, teamId: busy.id, userId: busy.owner.id },
          { at: NOON - Math.floor(n / 3) * 60_000, status: n % 2 === 0 ? 200 : 204 },
        ),
      ),
    );
    const response = await take("application/x-ndjson", "?credential=API_KEY", { cookie: busy.owner.cookie });
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="activity.ndjson"');
    const lines = (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(new Set(lines.map(({ requestId }) => requestId)).size).toBe(1_500);
    expect(lines).toHaveLength(1_500);
    const times = lines.map(({ at }) => at);
    expect(times).toEqual(times.toSorted().reverse());
  });

  test("as CSV has a header, the same filters, and no formula", async () => {
    const lines = (await (await take("text/csv", `?keyId=${feed.id}&status=4xx`)).text()).split("\r\n");
    expect(lines[0]).toMatch(/^requestId,at,keyId,keyName,/);
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain(",'=Partner feed,");
  });

  test("by a key is in the audit log with the key", async () => {
    await (await take("text/csv", "?code=rate_limited", { "x-api-key": feed.secret })).text();
    const log = "query ($id: ID) { auditLog(filter: { keyId: $id }) { nodes { action changes { field after } } } }";
    const [event] = (await graphql(server, admin, log, { id: feed.id })).data.auditLog.nodes;
    expect(event).toMatchObject({
      action: "activity.exported",
      changes: [{ after: "csv" }, { after: "codes=rate_limited" }],
    });
  });

  test("has no pages, and is refused like the list", async () => {
    expect((await take("text/csv", "?limit=5")).status).toBe(422);
    expect((await take("text/csv", "", { "x-api-key": bi.secret })).status).toBe(403);
  });
});

describe("a refusal", () => {
  const ask = async (requestId: string | null) => {
    await server.activity.flush();
    return (await rest(server, { person: admin }, "GET", `/refusals/${requestId}`)).body;
  };

  test("is explained: key, step, and what would have been needed", async () => {
    const path = "/verify?permission=reports:read&permission=campaigns:launch";
    const { body } = await rest(server, { key: bi.secret }, "GET", path);
    expect(await ask(body.requestId)).toMatchObject({
      call: {
        apiKey: { id: bi.id, name: "BI dashboard" },
        operation: "/api/v1/verify",
        requiredPermission: "campaigns:launch",
      },
      step: "PERMISSION",
      needed: expect.stringMatching(/^The permission campaigns:launch\. The key was made without it/),
    });
  });

  test("of a key that had ended says since when", async () => {
    const key = await story.key(admin, { name: "Ended" });
    await rest(server, { person: admin }, "DELETE", `/api-keys/${key.id}`);
    const { body } = await rest(server, { key: key.secret }, "GET", "/auth/me");
    expect(await ask(body.requestId)).toMatchObject({
      step: "API_KEY",
      needed: expect.stringContaining("revoked at 20"),
    });
  });

  test("that was none says so", async () => {
    const { headers } = await rest(server, { key: bi.secret }, "GET", "/auth/me");
    expect(await ask(headers.get("x-request-id"))).toMatchObject({ step: null, needed: null });
  });

  test("before anything matched, of another team and of nothing are the same unknown request", async () => {
    const unknown = await rest(server, { key: `${bi.secret.slice(0, -1)}!` }, "GET", "/auth/me");
    const [foreign] = await server.sql<{ id: string }>("SELECT request_id AS id FROM activity WHERE team_id = $1", [
      globex.id,
    ]);
    const answers = [];
    for (const id of [unknown.body.requestId, foreign?.id ?? "", "req_00000000000000000000", "no-id"]) {
      const { code, detail, status } = await ask(id);
      answers.push([code, detail, status]);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toEqual(["not_found", "There is no such request, or you may not see it.", 404]);
  });
});
