import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { graphql, rest } from "../../../test/doors.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let story: Story;
let acme: Team;
let globex: Team;
let admin: Person;
let manager: Person;
let bi: { id: string };
let feed: { id: string };
let collector: { id: string; secret: string };

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
  globex = await story.team("Globex Media");
  admin = await story.member(acme, "admin");
  manager = await story.member(acme, "manager");
  bi = await story.key(acme.owner, { name: "BI dashboard" });
  feed = await story.key(admin, { name: "=Partner feed" });
  collector = await story.key(admin, { name: "Collector", permissions: ["audit_log:read"] });
  await rest(server, { person: admin }, "DELETE", `/api-keys/${bi.id}`);
  await server.services.invitations.invite(await story.contextOf(admin), {
    email: "guest@acme.example",
    role: "viewer",
  });
  await story.key(globex.owner, { name: "Canary" });
});
afterAll(() => server.close());

const LOG = `query ($teamId: ID, $first: Int, $after: String, $filter: AuditFilter) {
  auditLog(teamId: $teamId, first: $first, after: $after, filter: $filter) {
    pageInfo { hasNextPage endCursor }
    nodes { id at action actor { id name email isMember } actorKey { id label } target { id kind label }
      changes { field before after } ip userAgent requestId } } }`;

const read = async (person: Person, variables: object = {}) =>
  (await graphql(server, person, LOG, variables)).data.auditLog;
const found = async (filter: object): Promise<string[]> =>
  (await read(admin, { filter })).nodes.map(
    ({ action, target }: { action: string; target: { label: string } }) => `${action} ${target.label}`,
  );
const take = (accept: string, query = "", headers: Record<string, string> = { cookie: admin.cookie }) =>
  server.fetch(`/api/v1/audit-log${query}`, { headers: { accept, ...headers } });

describe("the audit log", () => {
  test("tells who did what to what, from where, and what changed", async () => {
    const [revoked] = (await read(admin, { filter: { keyId: bi.id } })).nodes;
    expect(revoked).toMatchObject({
      action: "api_key.revoked",
      actor: { id: admin.id, email: admin.email, isMember: true },
      actorKey: null,
      target: { id: bi.id, kind: "API_KEY", label: "BI dashboard" },
      changes: [{ field: "status", before: "ACTIVE", after: "REVOKED" }],
      ip: "127.0.0.1",
      requestId: expect.stringMatching(/^req_/),
    });
  });

  test("is the same in REST, event by event", async () => {
    const inGraphQL = (await read(admin, { first: 100 })).nodes as { id: string; action: string }[];
    const { body } = await rest(server, { person: admin }, "GET", "/audit-log?limit=100");
    const kept = ({ id, action }: { id: string; action: string }) => [id, action];
    expect(body.data.map(kept)).toEqual(inGraphQL.map(kept));
    expect(body.data.find(({ action }: { action: string }) => action === "api_key.created").changes).toContainEqual({
      field: "permissions",
      before: null,
      after: ["audit_log:read"],
    });
  });

  test("comes in pages that skip and repeat nothing, in both doors", async () => {
    const all = (await read(admin, { first: 100 })).nodes.map(({ id }: { id: string }) => id);
    expect(all.length).toBeGreaterThan(6);
    const paged: string[] = [];
    let after: string | null = null;
    do {
      const page: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } = await read(
        admin,
        { first: 2, after },
      );
      paged.push(...page.nodes.map(({ id }) => id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(paged).toEqual(all);
    const first = await rest(server, { person: admin }, "GET", "/audit-log?limit=2");
    const next = /<\/api\/v1([^>]+)>/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
    const second = await rest(server, { person: admin }, "GET", next);
    expect([...first.body.data, ...second.body.data].map(({ id }) => id)).toEqual(all.slice(0, 4));
  });

  test("is for owners and admins, and keys that hold audit_log:read; nobody else sees that there is one", async () => {
    const refused = await graphql(server, manager, LOG);
    expect(refused.errors[0]?.extensions).toMatchObject({ code: "permission_missing" });
    expect((await rest(server, { person: manager }, "GET", "/audit-log")).status).toBe(403);
    expect((await rest(server, { key: collector.secret }, "GET", "/audit-log")).status).toBe(200);
    const other = await story.key(admin);
    expect((await rest(server, { key: other.secret }, "GET", "/audit-log")).body.requiredPermission).toBe(
      "audit_log:read",
    );
    expect((await rest(server, null, "GET", "/audit-log")).status).toBe(401);
  });

  test("of another team is not found, and its key and people find nothing here", async () => {
    const foreign = await graphql(server, admin, LOG, { teamId: globex.id });
    const random = await graphql(server, admin, LOG, { teamId: "team_00000000000000000000" });
    expect([foreign.data, foreign.errors[0]?.extensions.code]).toEqual([random.data, "not_found"]);
    const [key] = await server.sql<{ id: string }>("SELECT id FROM api_key WHERE team_id = $1", [globex.id]);
    expect(await found({ keyId: key?.id })).toEqual([]);
    expect(await found({ actorId: globex.owner.id })).toEqual([]);
    expect(await found({ search: "Canary" })).toEqual([]);
    expect(await (await take("text/csv")).text()).not.toMatch(/canary|globex/i);
  });
});

describe("its filters", () => {
  test("by key, actor, action and time, alone and together", async () => {
    expect(await found({ keyId: bi.id })).toEqual(["api_key.revoked BI dashboard", "api_key.created BI dashboard"]);
    expect(await found({ actorId: acme.owner.id, actions: ["api_key.created"] })).toEqual([
      "api_key.created BI dashboard",
    ]);
    expect(await found({ actions: ["api_key.revoked", "invitation.created"] })).toEqual([
      "invitation.created guest@acme.example",
      "api_key.revoked BI dashboard",
    ]);
    expect(await found({ keyId: bi.id, actorId: admin.id })).toEqual(["api_key.revoked BI dashboard"]);
    const [{ at }] = (await read(admin, { filter: { keyId: bi.id, actions: ["api_key.revoked"] } })).nodes;
    expect(await found({ keyId: bi.id, from: at })).toEqual(["api_key.revoked BI dashboard"]);
    expect(await found({ keyId: bi.id, to: at })).toEqual(["api_key.created BI dashboard"]);
  });

  test("by text: a part of a name, whoever did it or to whom, an invited address, an address or an id as a whole", async () => {
    expect(await found({ search: "dashb" })).toHaveLength(2);
    expect(await found({ search: "guest@" })).toEqual(["invitation.created guest@acme.example"]);
    expect(await found({ search: "manager" })).toEqual(["member.added manager"]);
    expect(await found({ search: "revoked" })).toEqual(["api_key.revoked BI dashboard"]);
    expect(await found({ search: bi.id })).toHaveLength(2);
    const [{ requestId }] = (await read(admin, { filter: { keyId: bi.id } })).nodes;
    expect(await found({ search: ` ${requestId} ` })).toEqual(["api_key.revoked BI dashboard"]);
    expect(await found({ search: "127.0.0.1", keyId: bi.id })).toHaveLength(2);
    expect(await found({ search: "127.0.0.2" })).toEqual([]);
    expect(await found({ search: "%" })).toEqual([]);
  });

  test("by text find the same when so many things match that the log is searched in the order of time", async () => {
    const before = await found({ search: "dashboard" });
    await server.sql(
      `INSERT INTO api_key (id, team_id, created_by_id, member_id, name, prefix, secret_hash, pepper_id, permissions)
       SELECT 'key_many' || n, team_id, created_by_id, member_id, 'Dashboard ' || n, prefix, sha256(n::text::bytea), pepper_id, permissions
         FROM api_key, generate_series(1, 400) n WHERE id = $1`,
      [feed.id],
    );
    expect(await found({ search: "dashboard" })).toEqual(before);
    expect(await found({ search: "dashboard", actions: ["api_key.revoked"] })).toEqual([
      "api_key.revoked BI dashboard",
    ]);
  });

  test("bind the cursor: under another filter it is refused", async () => {
    const { pageInfo } = await read(admin, { first: 1 });
    const { errors } = await graphql(server, admin, LOG, { after: pageInfo.endCursor, filter: { keyId: bi.id } });
    expect(errors[0]?.extensions.code).toBe("invalid_input");
  });

  test.each(["action=key.eaten", "from=yesterday", "to=0000-01-01T00:00:00Z", "keyId=a%20b", "search=%00"])(
    "refuse ?%s",
    async (query) => {
      expect((await rest(server, { person: admin }, "GET", `/audit-log?${query}`)).body.code).toBe("invalid_input");
    },
  );
});

describe("an export", () => {
  test("as NDJSON holds every event once, newest first, and its own first of all", async () => {
    const response = await take("application/x-ndjson");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="audit-log.ndjson"');
    expect(response.headers.get("ratelimit")).not.toBeNull();
    const lines = (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const [{ count }] = (await server.sql("SELECT count(*)::int AS count FROM audit_event WHERE team_id = $1", [
      acme.id,
    ])) as [{ count: number }];
    expect(lines).toHaveLength(count);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(count);
    expect(lines[0]).toMatchObject({ action: "audit_log.exported", actor: { id: admin.id } });
    expect(lines.map(({ at }) => at)).toEqual(
      lines
        .map(({ at }) => at)
        .toSorted()
        .reverse(),
    );
  });

  test("as CSV has a header, the same filters, and no formula", async () => {
    const lines = (await (await take("text/csv", `?keyId=${feed.id}`)).text()).split("\r\n");
    expect(lines[0]).toMatch(/^id,at,action,actorId,/);
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain(",'=Partner feed,");
  });

  test("by a key is in the log with the key", async () => {
    await (await take("text/csv", "?action=team.created", { "x-api-key": collector.secret })).text();
    const [event] = (await read(admin, { filter: { keyId: collector.id } })).nodes;
    expect(event).toMatchObject({
      action: "audit_log.exported",
      actor: { id: admin.id },
      actorKey: { id: collector.id, label: "Collector" },
      changes: [
        { field: "format", after: "csv" },
        { field: "filter", after: "actions=team.created" },
      ],
    });
  });

  test("goes over many batches without a gap", async () => {
    const other = await story.team("Busy");
    await server.sql(
      `INSERT INTO audit_event (id, team_id, at, actor_id, action, target_id)
       SELECT 'evt_' || n, $1, now() - make_interval(secs => n / 3), $2, 'api_key.renamed', 'key_x' FROM generate_series(1, 2500) n`,
      [other.id, other.owner.id],
    );
    const text = await (await take("application/x-ndjson", "?keyId=key_x", { cookie: other.owner.cookie })).text();
    expect(new Set(text.trimEnd().split("\n")).size).toBe(2_500);
  });

  test("has no pages, and is refused like the list", async () => {
    expect((await take("text/csv", "?limit=5")).status).toBe(422);
    expect((await take("text/csv", "", { cookie: manager.cookie })).status).toBe(403);
    expect((await take("text/csv", "?action=none")).status).toBe(422);
    const before = await server.sql("SELECT id FROM audit_event WHERE action = 'audit_log.exported'");
    await take("text/csv", "", { cookie: manager.cookie });
    expect(await server.sql("SELECT id FROM audit_event WHERE action = 'audit_log.exported'")).toEqual(before);
  });
});
