import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { graphql, me, rest } from "../../../test/doors.ts";
import { statementsOf } from "../../../test/statement-count.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let story: Story;
let root: Person;
let acme: Team;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  root = await story.superAdmin();
  await story.hurry(root);
  acme = await story.team("Acme Ads", "starter");
});
afterAll(() => server.close());

const TEAMS = `query ($search: String, $first: Int, $after: String) { teams(search: $search, first: $first, after: $after) {
  nodes { id name slug backoffice { plan status requestsPerMinute effectiveRequestsPerMinute members activeKeys activeKeysLimit createdAt } }
  pageInfo { hasNextPage endCursor } } }`;
const SET = `mutation ($input: SetTeamSubscriptionInput!) { setTeamSubscription(input: $input) { __typename
  ... on SetTeamSubscriptionPayload { notice team { id backoffice { plan status requestsPerMinute effectiveRequestsPerMinute activeKeys } } }
  ... on Error { code message } ... on InvalidInputError { fields { path message } } } }`;

const listTeams = async (variables: object) => (await graphql(server, root, TEAMS, variables)).data.teams;
const found = async (search: string): Promise<string[]> =>
  (await listTeams({ search, first: 100 })).nodes.map(({ id }: { id: string }) => id);
const set = async (input: object) => (await graphql(server, root, SET, { input })).data.setTeamSubscription;
const path = (id: string) => `/backoffice/teams/${id}`;
const patch = (id: string, body: unknown, person = root) => rest(server, { person }, "PATCH", path(id), { body });
const events = (teamId: string, action: string) =>
  server.sql("SELECT actor_id, before, after FROM audit_event WHERE team_id = $1 AND action = $2 ORDER BY at, id", [
    teamId,
    action,
  ]);
const stored = async (teamId: string) =>
  (await server.sql("SELECT plan, status, requests_per_minute FROM subscription WHERE team_id = $1", [teamId]))[0];

describe("searching teams", () => {
  let zurich: Team;
  beforeAll(async () => {
    zurich = await story.team("Zürich Büro & Söhne");
    await story.key(zurich.owner);
  });

  test.each([
    ["the beginning of a word", "zür"],
    ["two words in any order", "söhne ZÜRICH"],
    ["the slug", "zurich-buro"],
  ])("finds by %s", async (_what, search) => {
    expect(await found(search)).toEqual([zurich.id]);
  });

  test("finds by id and by a member's e-mail address, whole or its beginning, whatever the case", async () => {
    expect(await found(zurich.id)).toEqual([zurich.id]);
    const { email } = await story.member(zurich, "viewer");
    expect(await found(email.toUpperCase())).toEqual([zurich.id]);
    expect(await found(email.replace("acme.example", "acm"))).toEqual([zurich.id]);
  });

  test.each(["%", "_", "'", "' OR 1=1 --", ":*", "a & !b", "\\", "zzz nothing", "&", "@"])(
    "%s finds nothing, and is no syntax",
    async (search) => expect(await found(search)).toEqual([]),
  );

  test("without a search lists all, page by page, each once, by name", async () => {
    const all: { id: string; name: string }[] = (await listTeams({ first: 100 })).nodes;
    const pages: { id: string }[] = [];
    for (let after: string | null = null; ;) {
      const page: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } = await listTeams({
        first: 1,
        after,
      });
      pages.push(...page.nodes);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(pages.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    const names = all.map(({ name }) => name.toLowerCase());
    expect(names).toEqual(names.toSorted());
  });

  test("costs as many statements for one team as for all", async () => {
    const one = await statementsOf(() => listTeams({ first: 1 }));
    const many = await statementsOf(() => listTeams({ first: 100 }));
    expect(many.result.nodes.length).toBeGreaterThan(1);
    expect(many.statements).toHaveLength(one.statements.length);
  });

  test("tells what a backoffice needs, and leaves no event of entering", async () => {
    const { nodes } = await listTeams({ search: "Zürich" });
    expect(nodes[0].backoffice).toMatchObject({
      plan: "GROWTH",
      status: "TRIALING",
      requestsPerMinute: null,
      effectiveRequestsPerMinute: 600,
      members: 2,
      activeKeys: 1,
      activeKeysLimit: null,
    });
    expect(await events(zurich.id, "super_admin.entered_team")).toEqual([]);
  });

  test.each([
    [{ first: 0 }, "first"],
    [{ first: 101 }, "first"],
    [{ search: "x".repeat(101) }, "search"],
    [{ after: "x" }, "after"],
    [{ after: Buffer.from('["people","x","a","b"]').toString("base64url") }, "after"],
  ])("%o is invalid input", async (variables, field) => {
    const { errors } = await graphql(server, root, TEAMS, variables);
    expect(errors[0]?.extensions).toMatchObject({ code: "invalid_input", errors: [{ path: [field] }] });
  });

  test("a cursor belongs to its search", async () => {
    const { pageInfo } = await listTeams({ first: 1 });
    const { errors } = await graphql(server, root, TEAMS, { search: "acme", after: pageInfo.endCursor });
    expect(errors[0]?.extensions["errors"]).toMatchObject([{ path: ["after"] }]);
  });
});

describe("changing a subscription", () => {
  test("changes what is named, leaves the rest, and is in the team's audit log with before and after", async () => {
    const team = await story.team("Changing");
    expect(await set({ teamId: team.id, plan: "ENTERPRISE", requestsPerMinute: 20_000 })).toMatchObject({
      notice: null,
      team: { backoffice: { plan: "ENTERPRISE", status: "TRIALING", effectiveRequestsPerMinute: 20_000 } },
    });
    expect(await stored(team.id)).toEqual({ plan: "enterprise", status: "trialing", requests_per_minute: 20_000 });
    expect((await patch(team.id, { status: "active" })).body).toMatchObject({ plan: "enterprise", status: "active" });
    expect(await set({ teamId: team.id, requestsPerMinute: null })).toMatchObject({
      team: { backoffice: { requestsPerMinute: null, effectiveRequestsPerMinute: 6_000 } },
    });
    const trialing = { plan: "growth", status: "trialing", requestsPerMinute: null };
    const enterprise = { plan: "enterprise", status: "trialing", requestsPerMinute: 20_000 };
    expect(await events(team.id, "subscription.changed")).toEqual([
      { actor_id: root.id, before: trialing, after: enterprise },
      { actor_id: root.id, before: enterprise, after: { ...enterprise, status: "active" } },
      {
        actor_id: root.id,
        before: { ...enterprise, status: "active" },
        after: { ...enterprise, status: "active", requestsPerMinute: null },
      },
    ]);
  });

  test("to what it is already changes nothing and leaves no event", async () => {
    const team = await story.team("Unchanged");
    expect((await set({ teamId: team.id, plan: "GROWTH" })).__typename).toBe("SetTeamSubscriptionPayload");
    expect((await patch(team.id, { requestsPerMinute: null, status: "trialing" })).status).toBe(200);
    expect(await events(team.id, "subscription.changed")).toEqual([]);
  });

  test("reads the same through REST, and the team's own billing shows it from the next request on", async () => {
    const team = await story.team("Both doors");
    const { secret } = await story.key(team.owner, { permissions: ["analytics:read", "billing:read"] });
    expect((await rest(server, { person: root }, "GET", path(team.id))).body).toMatchObject({
      id: team.id,
      name: "Both doors",
      plan: "growth",
      status: "trialing",
      requestsPerMinute: null,
      effectiveRequestsPerMinute: 600,
      activeKeys: { used: 1, limit: null },
    });
    await patch(team.id, { requestsPerMinute: 7_000 });
    expect((await rest(server, { key: secret }, "GET", "/billing/subscription")).body.requestsPerMinute).toBe(7_000);
    await patch(team.id, { status: "canceled" });
    expect((await rest(server, { key: secret }, "GET", "/verify")).status).not.toBe(204);
    expect((await rest(server, { key: secret }, "GET", "/billing/subscription")).body.status).toBe("canceled");
  });

  test("a downgrade with too many keys is allowed, keeps the keys, and says that new ones are refused", async () => {
    const team = await story.team("Downgraded");
    const secrets: string[] = [];
    for (let key = 0; key < 11; key += 1) secrets.push((await story.key(team.owner)).secret);
    const { notice, team: after } = await set({ teamId: team.id, plan: "STARTER" });
    expect(after.backoffice.activeKeys).toBe(11);
    expect(notice).toBe(
      "The team keeps its 11 active keys, which go on working. New ones are refused until fewer than 10 are active.",
    );
    for (const secret of secrets) expect((await me(server, secret)).status).toBe(200);
    const body = { name: "One more", permissions: ["analytics:read"] };
    const refused = await rest(server, { person: team.owner }, "POST", "/api-keys", { body });
    expect([refused.status, refused.body.code]).toEqual([409, "key_limit_reached"]);
  });

  test.each([
    ["a plan that does not exist", { plan: "platinum" }, "plan"],
    ["a plan in capitals", { plan: "GROWTH" }, "plan"],
    ["no plan", { plan: null }, "plan"],
    ["a status that does not exist", { status: "sleeping" }, "status"],
    ["no status", { status: null }, "status"],
    ["a negative override", { requestsPerMinute: -1 }, "requestsPerMinute"],
    ["an override of zero", { requestsPerMinute: 0 }, "requestsPerMinute"],
    ["a huge override", { requestsPerMinute: 1_000_001 }, "requestsPerMinute"],
    ["an override beyond 32 bits", { requestsPerMinute: 4_294_967_297 }, "requestsPerMinute"],
    ["a broken override", { requestsPerMinute: 1.5 }, "requestsPerMinute"],
    ["an override in words", { requestsPerMinute: "600" }, "requestsPerMinute"],
    ["a field that does not exist", { plan: "growth", price: 0 }, "price"],
    ["another team", { plan: "growth", teamId: "team_x" }, "teamId"],
    ["nothing", {}, ""],
    ["a list", [], ""],
  ])("%s is refused by REST with its path, and changes nothing", async (_what, body, field) => {
    const before = await stored(acme.id);
    const answer = await patch(acme.id, body);
    expect([answer.status, answer.body.code]).toEqual([422, "invalid_input"]);
    expect(answer.body.errors[0].path.join(".")).toBe(field);
    expect(await stored(acme.id)).toEqual(before);
  });

  test.each([
    [{ plan: null }, "plan"],
    [{ status: null }, "status"],
    [{ requestsPerMinute: -1 }, "requestsPerMinute"],
    [{ requestsPerMinute: 0 }, "requestsPerMinute"],
    [{ requestsPerMinute: 1_000_001 }, "requestsPerMinute"],
    [{}, ""],
    [{ teamId: "'; DROP TABLE team; --", plan: "GROWTH" }, "teamId"],
  ])("%o is refused by GraphQL with its path", async (input, field) => {
    const answer = await set({ teamId: acme.id, ...input });
    expect(answer.code).toBe("invalid_input");
    expect(answer.fields[0].path.join(".")).toBe(field);
  });

  test.each([{ plan: "PLATINUM" }, { status: "SLEEPING" }, { requestsPerMinute: 4_294_967_297 }, { price: 1 }])(
    "%o does not fit the schema",
    async (input) => {
      const { data, errors } = await graphql(server, root, SET, { input: { teamId: acme.id, ...input } });
      expect([data, errors[0]?.extensions["code"]]).toEqual([null, "invalid_input"]);
    },
  );

  test("of a team that does not exist is not found", async () => {
    expect((await set({ teamId: "team_00000000000000000000", plan: "GROWTH" })).code).toBe("not_found");
    expect((await patch("team_00000000000000000000", { plan: "growth" })).status).toBe(404);
    expect((await rest(server, { person: root }, "GET", path("nothing"))).status).toBe(404);
  });

  test("a team without a subscription gets one whole, or none", async () => {
    const team = await story.team("Lost");
    await server.sql("DELETE FROM subscription WHERE team_id = $1", [team.id]);
    const refused = await patch(team.id, { plan: "growth" });
    expect(refused.body.errors).toMatchObject([{ path: ["status"] }]);
    expect((await patch(team.id, { plan: "growth", status: "active" })).body).toMatchObject({ plan: "growth" });
  });

  test("and its event are written together or not at all", async () => {
    const team = await story.team("Both or none");
    await server.sql("ALTER TABLE audit_event RENAME TO away");
    const answer = await patch(team.id, { plan: "scale" });
    await server.sql("ALTER TABLE away RENAME TO audit_event");
    expect(answer.status).toBe(500);
    expect(await stored(team.id)).toMatchObject({ plan: "growth" });
  });
});

describe("everybody else", () => {
  const NO_TEAM = "team_00000000000000000000";

  test("is told the same whatever the id and the body: 403, before anything is looked at", async () => {
    const texts = new Set<string>();
    for (const id of [acme.id, NO_TEAM, "x".repeat(200), "%27"]) {
      for (const body of [{ plan: "growth" }, { plan: "nope" }, {}]) {
        const { status, body: answer } = await patch(id, body, acme.owner);
        texts.add(JSON.stringify([status, answer.code, answer.requiredPermission, answer.detail]));
      }
      const { status, body: answer } = await rest(server, { person: acme.owner }, "GET", path(id));
      texts.add(JSON.stringify([status, answer.code, answer.requiredPermission, answer.detail]));
    }
    expect([...texts]).toHaveLength(1);
    expect([...texts][0]).toContain('[403,"permission_missing","backoffice:access"');
  });

  test("also with a key, even a super_admin's: session_required", async () => {
    const { secret } = await story.key(root, { teamId: acme.id });
    for (const [method, body] of [["GET"], ["PATCH", { plan: "scale" }]] as const) {
      const answer = await rest(server, { key: secret }, method, path(acme.id), body === undefined ? {} : { body });
      expect([answer.status, answer.body.code]).toEqual([403, "session_required"]);
    }
  });

  test("even a super_admin without a second factor: told which, in both doors", async () => {
    const bare = await story.superAdmin();
    await server.sql(`UPDATE "user" SET two_factor_enabled = false WHERE id = $1`, [bare.id]);
    const { errors } = await graphql(server, bare, TEAMS);
    expect(errors[0]?.extensions["code"]).toBe("second_factor_required");
    expect((await patch(acme.id, { plan: "scale" }, bare)).body.code).toBe("second_factor_required");
  });

  test("sees null for what the backoffice sees of their own team", async () => {
    const { data, errors } = await graphql(server, acme.owner, "{ viewer { team { name backoffice { plan } } } }");
    expect(data.viewer.team).toEqual({ name: "Acme Ads", backoffice: null });
    expect(errors).toMatchObject([
      { path: ["viewer", "team", "backoffice"], extensions: { code: "permission_missing" } },
    ]);
  });
});

test("among many teams a frequent word pages in order, and a rare one is found", async () => {
  await server.sql(
    `INSERT INTO team (id, name, slug) SELECT 'team_' || i, 'Frequent ' || md5(i::text), 'f-' || i FROM generate_series(1, 20050) i`,
  );
  const all = await server.sql<{ id: string }>(
    "SELECT id FROM team WHERE name LIKE 'Freq%' ORDER BY lower(name), id LIMIT 150",
  );
  const first = await listTeams({ search: "freq", first: 100 });
  const second = await listTeams({ search: "freq", first: 50, after: first.pageInfo.endCursor });
  expect([...first.nodes, ...second.nodes].map(({ id }: { id: string }) => id)).toEqual(all.map(({ id }) => id));
  expect(await found("f-12345 frequent")).toEqual(["team_12345"]);
});
