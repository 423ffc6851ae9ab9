import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { graphql, me } from "../../../test/doors.ts";
import { PASSWORD, Story, type Person, type Team } from "../../../test/story.ts";
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
  acme = await story.team("Acme Ads");
});
afterAll(() => server.close());

const BAN = `mutation ($input: SetUserBanInput!) { setUserBan(input: $input) { __typename
  ... on SetUserBanPayload { person { id isBanned bannedAt banReason activeKeys keyTeams sessions viewerMayBan } }
  ... on Error { code message } ... on InvalidInputError { fields { path message } } } }`;
const PEOPLE = `query ($search: String, $first: Int, $after: String) { people(search: $search, first: $first, after: $after) {
  nodes { id name email isSuperAdmin isBanned teams activeKeys keyTeams sessions viewerMayBan } pageInfo { hasNextPage endCursor } } }`;

interface PeoplePage {
  readonly nodes: { email: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

const setBan = async (by: Person, input: object) => (await graphql(server, by, BAN, { input })).data?.setUserBan;
const ban = (person: Person, reason: string | null = null, by = root) =>
  setBan(by, { userId: person.id, banned: true, reason });
const unban = (person: Person, by = root) => setBan(by, { userId: person.id, banned: false });
const found = async (search: string): Promise<string[]> =>
  (await graphql(server, root, PEOPLE, { search, first: 100 })).data.people.nodes.map(({ id }: { id: string }) => id);
const isSignedIn = async (person: Person) =>
  (await graphql(server, person, "{ viewer { role } }")).data.viewer !== null;
const signInStatus = async ({ email }: Person, ip: string) =>
  (
    await server.fetch("/api/auth/sign-in/email", {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.origin },
      body: JSON.stringify({ email, password: PASSWORD }),
      ip,
    })
  ).status;
const events = (userId: string) =>
  server.sql(
    `SELECT action, team_id, actor_id, before, after FROM audit_event
      WHERE target_id = $1 AND action LIKE 'user.%banned' ORDER BY at, team_id NULLS FIRST`,
    [userId],
  );

describe("a ban", () => {
  test("ends every session and stops every key with its answer, and an unban gives back the keys alone", async () => {
    const person = await story.member(acme, "admin");
    const other = await story.signInAgain(person);
    const { secret } = await story.key(person);
    const banned = await ban(person, "Card fraud");
    expect(banned.person).toMatchObject({
      isBanned: true,
      banReason: "Card fraud",
      activeKeys: 1,
      keyTeams: 1,
      sessions: 0,
    });
    expect([await isSignedIn(person), await isSignedIn(other)]).toEqual([false, false]);
    expect((await me(server, secret)).body).toMatchObject({ status: 401, code: "key_owner_inactive" });
    expect(await signInStatus(person, "10.77.0.1")).not.toBe(200);

    expect((await unban(person)).person).toMatchObject({ isBanned: false, bannedAt: null, banReason: null });
    expect((await me(server, secret)).status).toBe(200);
    expect([await isSignedIn(person), await isSignedIn(other)]).toEqual([false, false]);
    expect(await signInStatus(person, "10.77.0.2")).toBe(200);
  });

  test("is recorded once for the platform, with its reason, and in each team where it is felt, without", async () => {
    const person = await story.member(acme, "viewer");
    const globex = await story.team("Globex Media");
    const member = { teamId: globex.id, userId: person.id, role: "viewer" } as const;
    await server.services.teams.addMember(await story.contextOf(globex.owner), member);
    await ban(person, "  Spam ");
    await ban(person, "Spam");
    await unban(person);
    await unban(person);
    const teams = [acme.id, globex.id].toSorted();
    const by = { actor_id: root.id };
    const free = { isBanned: false };
    const held = { isBanned: true };
    expect(await events(person.id)).toEqual([
      {
        ...by,
        action: "user.banned",
        team_id: null,
        before: { ...free, reason: null },
        after: { ...held, reason: "Spam" },
      },
      ...teams.map((id) => ({ ...by, action: "user.banned", team_id: id, before: free, after: held })),
      {
        ...by,
        action: "user.unbanned",
        team_id: null,
        before: { ...held, reason: "Spam" },
        after: { ...free, reason: null },
      },
      ...teams.map((id) => ({ ...by, action: "user.unbanned", team_id: id, before: held, after: free })),
    ]);
  });

  test("of somebody without a team is recorded too", async () => {
    const person = await story.personWithoutTeam();
    await ban(person);
    expect(await events(person.id)).toMatchObject([{ action: "user.banned", team_id: null, actor_id: root.id }]);
  });

  test("with another reason changes the reason, for the platform alone", async () => {
    const person = await story.member(acme, "viewer");
    await ban(person, "One");
    expect((await ban(person, "Two")).person.banReason).toBe("Two");
    expect((await events(person.id)).map(({ ["team_id"]: id }) => id)).toEqual([null, acme.id, null]);
  });

  test("and its events are written together or not at all", async () => {
    const person = await story.member(acme, "viewer");
    await server.sql("ALTER TABLE audit_event RENAME TO away");
    const { errors } = await graphql(server, root, BAN, { input: { userId: person.id, banned: true } });
    await server.sql("ALTER TABLE away RENAME TO audit_event");
    expect(errors[0]?.extensions["code"]).toBe("internal");
    expect(await isSignedIn(person)).toBe(true);
  });

  test("of oneself is refused; another super_admin can be banned", async () => {
    expect(await ban(root)).toMatchObject({ code: "invalid_input", fields: [{ path: ["userId"] }] });
    const other = await story.superAdmin();
    expect((await ban(other)).person.isBanned).toBe(true);
    expect(await isSignedIn(other)).toBe(false);
  });

  test("by two super_admins of each other at once leaves one of them, in 10 rounds", async () => {
    for (let round = 0; round < 10; round += 1) {
      const [one, two] = [await story.superAdmin(), await story.superAdmin()];
      await Promise.all([ban(two, null, one), ban(one, null, two)]);
      const [count] = await server.sql(
        `SELECT count(*)::int AS banned FROM "user" WHERE id = ANY($1) AND banned_at IS NOT NULL`,
        [[one.id, two.id]],
      );
      expect(count).toEqual({ banned: 1 });
    }
  });

  test.each([
    [{ userId: "'; DROP TABLE user; --", banned: true }, "userId"],
    [{ userId: "", banned: true }, "userId"],
    [{ userId: "user_x", banned: true, reason: "x".repeat(501) }, "reason"],
    [{ userId: "user_x", banned: true, reason: "a\u202eb" }, "reason"],
    [{ userId: "user_x", banned: true, reason: "two\nlines" }, "reason"],
  ])("%o is invalid input", async (input, field) => {
    expect(await setBan(root, input)).toMatchObject({ code: "invalid_input", fields: [{ path: [field] }] });
  });

  test("of nobody is not found; by anybody else it needs backoffice:access, whatever the id", async () => {
    const nobody = { ...root, id: "user_00000000000000000000" };
    expect((await ban(nobody)).code).toBe("not_found");
    const answers = await Promise.all([root, nobody, acme.owner].map((person) => ban(person, null, acme.owner)));
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(["permission_missing"]));
  });
});

describe("searching people", () => {
  test("finds by name, address and id, and says what a ban would stop", async () => {
    const person = await story.member(acme, "admin");
    await story.key(person);
    await story.key(person);
    const globex = await story.team("Elsewhere");
    const member = { teamId: globex.id, userId: person.id, role: "admin" } as const;
    const { memberId } = await server.services.teams.addMember(await story.contextOf(globex.owner), member);
    await story.key(person, { teamId: globex.id });
    for (const search of [
      person.email,
      person.email.toUpperCase(),
      person.id,
      person.email.replace("acme.example", "a"),
    ])
      expect(await found(search)).toEqual([person.id]);
    expect(await found("admin")).toContain(person.id);
    const counts = async () => (await graphql(server, root, PEOPLE, { search: person.id })).data.people.nodes[0];
    expect(await counts()).toMatchObject({ teams: 2, activeKeys: 3, keyTeams: 2, sessions: 1, viewerMayBan: true });
    await server.sql("DELETE FROM member WHERE id = $1", [memberId]);
    expect(await counts()).toMatchObject({ teams: 1, activeKeys: 2, keyTeams: 1 });
  });

  test.each(["%", "'", "zzz nothing", "@@", ":*"])("%s finds nobody", async (search) => {
    expect(await found(search)).toEqual([]);
  });

  test("lists everybody, page by page, each once, by address", async () => {
    const all: { email: string }[] = (await graphql(server, root, PEOPLE, { first: 100 })).data.people.nodes;
    const pages: { email: string }[] = [];
    for (let after: string | null = null; ;) {
      const { people }: { people: PeoplePage } = (await graphql(server, root, PEOPLE, { first: 7, after })).data;
      pages.push(...people.nodes);
      if (!people.pageInfo.hasNextPage) break;
      after = people.pageInfo.endCursor;
    }
    expect(pages).toEqual(all);
    expect(all.map(({ email }) => email)).toEqual(all.map(({ email }) => email).toSorted());
  });
});
