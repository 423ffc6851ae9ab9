import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { graphql, rest } from "../../../test/doors.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let story: Story;
let acme: Team;
let owner: Person;
let admin: Person;
let key: { id: string; secret: string };

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
  owner = acme.owner;
  admin = await story.member(acme, "admin");
  key = await story.key(owner, { name: "Pager", permissions: ["notifications:read", "notifications:update"] });
  for (const name of ["One", "Two", "Three"]) await story.key(admin, { name });
  await server.services.notificationRuns.run(["created"]);
});
afterAll(() => server.close());

const LIST = `query ($first: Int, $after: String, $unreadOnly: Boolean) {
  viewer { unreadNotifications }
  notifications(first: $first, after: $after, unreadOnly: $unreadOnly) {
    nodes { id kind message team { id name slug } apiKeyId at readAt link } pageInfo { hasNextPage endCursor } } }`;

const list = async (person: Person, variables: object = {}) => (await graphql(server, person, LIST, variables)).data;
const READ = `mutation ($input: MarkNotificationReadInput!) { markNotificationRead(input: $input) { __typename
  ... on MarkNotificationReadPayload { notification { id readAt } viewer { unreadNotifications } }
  ... on Error { code message } } }`;
const markRead = async (person: Person | null, id: string) => graphql(server, person, READ, { input: { id } });
const READ_ALL = `mutation ($input: MarkAllNotificationsReadInput!) { markAllNotificationsRead(input: $input) { __typename
  ... on MarkAllNotificationsReadPayload { marked viewer { unreadNotifications } } ... on Error { code } } }`;

describe("reading", () => {
  test("both doors tell the same, newest first, each with its sentence and the page it is about", async () => {
    const { notifications, viewer } = await list(owner);
    const messages = notifications.nodes.map(({ message }: { message: string }) => message);
    expect(messages).toEqual(["Three", "Two", "One"].map((name) => `admin created the key “${name}”.`));
    expect(viewer.unreadNotifications).toBe(3);
    const [newest] = notifications.nodes;
    const [team] = await server.sql<{ slug: string }>("SELECT slug FROM team WHERE id = $1", [acme.id]);
    expect(newest).toMatchObject({
      kind: "KEY_CREATED",
      team: { id: acme.id, name: "Acme Ads", slug: team?.slug },
      readAt: null,
      link: `${server.origin}/settings/team/api-keys?key=${newest.apiKeyId}&team=${team?.slug}`,
    });
    const { body } = await rest(server, { person: owner }, "GET", "/notifications");
    expect(body).toEqual({ data: notifications.nodes, page: { nextCursor: null, hasMore: false } });
  });

  test("a key reads its creator's, and only with the permission", async () => {
    const { body } = await rest(server, { key: key.secret }, "GET", "/notifications");
    expect(body.data).toHaveLength(3);
    const bare = await story.key(owner);
    const refused = await rest(server, { key: bare.secret }, "GET", "/notifications");
    expect([refused.status, refused.body.code, refused.body.requiredPermission]).toEqual([
      403,
      "permission_missing",
      "notifications:read",
    ]);
  });

  test("a key reads of its own team alone, its creator of all of theirs", async () => {
    const globex = await story.team("Globex Media");
    const { services } = server;
    const context = await story.contextOf(globex.owner);
    await services.teams.addMember(context, { teamId: globex.id, userId: owner.id, role: "admin" });
    await story.key(globex.owner, { name: "Elsewhere" });
    await services.notificationRuns.run(["created"]);
    const { notifications } = await list(owner);
    expect(notifications.nodes[0].message).toBe("Globex Media created the key “Elsewhere”.");
    expect(notifications.nodes).toHaveLength(4);
    expect((await rest(server, { key: key.secret }, "GET", "/notifications")).body.data).toHaveLength(3);
    await server.sql("DELETE FROM member WHERE team_id = $1 AND user_id = $2", [globex.id, owner.id]);
    expect((await list(owner)).notifications.nodes, "who left the team is told nothing of it").toHaveLength(3);
    expect((await list(owner)).viewer.unreadNotifications).toBe(3);
  });

  test("pages join without a gap, in both doors", async () => {
    const first = await list(owner, { first: 2 });
    expect(first.notifications.pageInfo.hasNextPage).toBe(true);
    const second = await list(owner, { first: 2, after: first.notifications.pageInfo.endCursor });
    const whole = (await list(owner)).notifications.nodes;
    expect([...first.notifications.nodes, ...second.notifications.nodes]).toEqual(whole);

    const page = await rest(server, { person: owner }, "GET", "/notifications?limit=2");
    expect(page.headers.get("link")).toContain('rel="next"');
    const next = await rest(
      server,
      { person: owner },
      "GET",
      `/notifications?limit=2&cursor=${page.body.page.nextCursor}`,
    );
    expect([...page.body.data, ...next.body.data]).toEqual(whole);
  });

  test("what cannot be asked for is refused by name", async () => {
    const after = await graphql(server, owner, '{ notifications(after: "x") { nodes { id } } }');
    expect(after.errors[0]?.extensions["code"]).toBe("invalid_input");
    const { status, body } = await rest(server, { person: owner }, "GET", "/notifications?cursor=x&unreadOnly=maybe");
    expect([status, body.code]).toEqual([422, "invalid_input"]);
  });

  test("nobody signed in reads none, and whoever is in no team has none", async () => {
    expect((await graphql(server, null, "{ notifications { nodes { id } } }")).errors[0]?.extensions["code"]).toBe(
      "unauthenticated",
    );
    expect((await list(await story.personWithoutTeam())).notifications.nodes).toEqual([]);
  });
});

describe("marking", () => {
  test("what is read stays read, since the first time, and leaves the unread ones", async () => {
    const [{ id }] = (await list(owner)).notifications.nodes;
    const { markNotificationRead: first } = (await markRead(owner, id)).data;
    expect(first).toMatchObject({
      notification: { id, readAt: expect.any(String) },
      viewer: { unreadNotifications: 2 },
    });
    const again = await rest(server, { key: key.secret }, "PATCH", `/notifications/${id}`, { body: { isRead: true } });
    expect([again.status, again.body.readAt]).toEqual([200, first.notification.readAt]);
    const unread = (await list(owner, { unreadOnly: true })).notifications.nodes;
    expect(unread).toHaveLength(2);
    const { body } = await rest(server, { person: owner }, "GET", "/notifications?unreadOnly=true");
    expect(body.data).toEqual(unread);
  });

  test("a key marks its creator's, and only with the permission", async () => {
    const [{ id }] = (await list(owner, { unreadOnly: true })).notifications.nodes;
    const reader = await story.key(owner, { permissions: ["notifications:read"] });
    const body = { isRead: true };
    const refused = await rest(server, { key: reader.secret }, "PATCH", `/notifications/${id}`, { body });
    expect([refused.status, refused.body.requiredPermission]).toEqual([403, "notifications:update"]);
    const marked = await rest(server, { key: key.secret }, "PATCH", `/notifications/${id}`, { body });
    expect([marked.status, marked.body.readAt]).toEqual([200, expect.any(String)]);
  });

  test("somebody else's, in the same team or another, answers as one that is not there", async () => {
    const [{ id }] = (await list(owner)).notifications.nodes;
    const { owner: stranger } = await story.team("Hooli");
    const random = "notification_00000000000000000000";
    const [theirs, foreign, none] = await Promise.all([
      markRead(admin, id),
      markRead(stranger, id),
      markRead(admin, random),
    ]);
    expect(none.data.markNotificationRead.code).toBe("not_found");
    expect([theirs.data, foreign.data]).toEqual([none.data, none.data]);
    const patch = { body: { isRead: true } };
    const { status } = await rest(server, { person: admin }, "PATCH", `/notifications/${id}`, patch);
    expect(status).toBe(404);
    expect((await markRead(null, id)).errors[0]?.extensions["code"]).toBe("unauthenticated");
  });

  test("nothing is unread again, and a stranger's page cannot mark", async () => {
    const [{ id }] = (await list(owner)).notifications.nodes;
    const patch = (isRead: boolean, headers = {}) =>
      rest(server, { person: owner }, "PATCH", `/notifications/${id}`, { body: { isRead }, headers });
    expect((await patch(false)).status).toBe(422);
    expect((await patch(true, { origin: "https://evil.example" })).status).toBe(403);
  });

  test("all at once, up to what was shown", async () => {
    await server.sql("UPDATE notification SET read_at = NULL WHERE user_id = $1", [owner.id]);
    const [newest, shown] = (await list(owner)).notifications.nodes;
    expect(newest.at > shown.at).toBe(true);
    const some = await graphql(server, owner, READ_ALL, { input: { upTo: shown.at } });
    expect(some.data.markAllNotificationsRead).toMatchObject({ marked: 2, viewer: { unreadNotifications: 1 } });
    const others = await graphql(server, owner, READ_ALL, { input: {} });
    expect(others.data.markAllNotificationsRead).toMatchObject({ marked: 1, viewer: { unreadNotifications: 0 } });
    expect((await list(admin)).viewer.unreadNotifications, "what others have is theirs").toBeGreaterThan(0);
  });
});
