import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { graphql, me, rest } from "../../../test/doors.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let story: Story;
let acme: Team;
let globex: Team;
let admin: Person;
let viewer: Person;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
  globex = await story.team("Globex Media");
  admin = await story.member(acme, "admin");
  viewer = await story.member(acme, "viewer");
});
afterAll(() => server.close());

const RANDOM = "member_00000000000000000000";
const MEMBERS = `query ($teamId: ID, $first: Int, $after: String) { members(teamId: $teamId, first: $first, after: $after) {
  nodes { id role joinedAt activeKeys isLastOwner viewerMayRemove viewerMayAssign viewerMayRevokeKeys user { id name email isMember } }
  pageInfo { hasNextPage endCursor } } }`;
const CHANGE = `mutation ($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { __typename
  ... on ChangeMemberRolePayload { member { id role } } ... on Error { code message } ... on PermissionMissingError { requiredPermission } } }`;
const REMOVE = `mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { __typename
  ... on RemoveMemberPayload { removedMemberId viewer { team { id } role } } ... on Error { code message } ... on PermissionMissingError { requiredPermission } } }`;
const LEAVE = `mutation ($input: LeaveTeamInput!) { leaveTeam(input: $input) { __typename
  ... on LeaveTeamPayload { removedMemberId viewer { team { id } role } } ... on Error { code message } } }`;
const REVOKE_ALL = `mutation ($input: RevokeMemberApiKeysInput!) { revokeMemberApiKeys(input: $input) { __typename
  ... on RevokeMemberApiKeysPayload { apiKeys { id status revokedBy { id } } } ... on Error { code message } ... on PermissionMissingError { requiredPermission } } }`;

const changeRole = async (person: Person | null, memberId: string | null, role: string) =>
  graphql(server, person, CHANGE, { input: { memberId, role } });
const remove = async (person: Person | null, memberId: string | null) =>
  graphql(server, person, REMOVE, { input: { memberId } });
const leave = async (person: Person | null, teamId: string) => graphql(server, person, LEAVE, { input: { teamId } });
const revokeAll = async (person: Person | null, memberId: string | null) =>
  graphql(server, person, REVOKE_ALL, { input: { memberId } });
const ownerMember = async (team: Team) =>
  (
    await server.sql<{ id: string }>("SELECT id FROM member WHERE team_id = $1 AND user_id = $2", [
      team.id,
      team.owner.id,
    ])
  )[0]?.id ?? "";
const owners = (team: Team) => server.sql("SELECT id FROM member WHERE team_id = $1 AND role = 'owner'", [team.id]);
const eventsOf = (targetId: string | null) =>
  server.sql<{ action: string; actor_id: string; before: unknown; after: unknown }>(
    "SELECT action, actor_id, before, after FROM audit_event WHERE target_id = $1 ORDER BY at, id",
    [targetId],
  );

describe("members", () => {
  test("are listed with role, keys and what the viewer may do, in the order in which they joined", async () => {
    const team = await story.team("Listed");
    const other = await story.member(team, "admin");
    const key = await story.key(other);
    await story.key(other);
    await rest(server, { person: other }, "DELETE", `/api-keys/${key.id}`);
    const { data } = await graphql(server, other, MEMBERS);
    expect(data.members.nodes).toMatchObject([
      { role: "OWNER", isLastOwner: true, viewerMayRemove: false, viewerMayAssign: [], viewerMayRevokeKeys: true },
      {
        id: other.memberId,
        role: "ADMIN",
        activeKeys: 1,
        isLastOwner: false,
        viewerMayRemove: true,
        viewerMayAssign: ["ADMIN", "MANAGER", "VIEWER"],
        user: { id: other.id, email: other.email, isMember: true },
      },
    ]);
  });

  test("are the same through REST, with a session and with a key that has members:read", async () => {
    const reader = await story.key(admin, { permissions: ["members:read"] });
    const byKey = await rest(server, { key: reader.secret }, "GET", "/members");
    expect(byKey.status).toBe(200);
    expect((await rest(server, { person: admin }, "GET", "/members")).body).toEqual(byKey.body);
    const { nodes } = (await graphql(server, admin, MEMBERS)).data.members;
    const { data } = byKey.body;
    expect(data.map(({ id }: { id: string }) => id)).toEqual(nodes.map(({ id }: { id: string }) => id));
    expect(data[0]).toEqual({
      id: nodes[0].id,
      user: { id: acme.owner.id, name: nodes[0].user.name, email: acme.owner.email },
      role: "owner",
      joinedAt: nodes[0].joinedAt,
      activeKeys: nodes[0].activeKeys,
    });
  });

  test("come page by page, each once, in both doors", async () => {
    const first = (await graphql(server, admin, MEMBERS, { first: 2 })).data.members;
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest1 = await rest(server, { person: admin }, "GET", "/members?limit=2");
    expect(rest1.body.page).toEqual({ hasMore: true, nextCursor: first.pageInfo.endCursor });
    expect(rest1.headers.get("link")).toContain('rel="next"');
    const rest2 = await rest(
      server,
      { person: admin },
      "GET",
      `/members?limit=100&cursor=${rest1.body.page.nextCursor}`,
    );
    const all = await rest(server, { person: admin }, "GET", "/members?limit=100");
    expect([...rest1.body.data, ...rest2.body.data]).toEqual(all.body.data);
  });

  test("need members:read: null with permission_missing at the field, and 403", async () => {
    const { data, errors } = await graphql(server, viewer, MEMBERS);
    expect(data.members).toBeNull();
    expect(errors).toMatchObject([
      { path: ["members"], extensions: { code: "permission_missing", requiredPermission: "members:read" } },
    ]);
    expect((await rest(server, { person: viewer }, "GET", "/members")).body).toMatchObject({
      status: 403,
      requiredPermission: "members:read",
    });
    const blind = await story.key(admin, { permissions: ["analytics:read"] });
    expect((await rest(server, { key: blind.secret }, "GET", "/members")).body.requiredPermission).toBe("members:read");
    expect((await graphql(server, null, MEMBERS)).errors[0]?.extensions["code"]).toBe("unauthenticated");
    expect((await rest(server, null, "GET", "/members")).status).toBe(401);
  });

  test("of another team are not found, and a cursor carries nobody across", async () => {
    const foreign = await graphql(server, admin, MEMBERS, { teamId: globex.id });
    const random = await graphql(server, admin, MEMBERS, { teamId: "team_00000000000000000000" });
    const bare = ({ extensions: { requestId: _id, ...extensions }, ...error }: (typeof foreign.errors)[number]) => ({
      ...error,
      extensions,
    });
    expect(foreign.errors.map(bare)).toEqual(random.errors.map(bare));
    const page = (await graphql(server, globex.owner, MEMBERS, { first: 1 })).data.members;
    const across = await graphql(server, admin, MEMBERS, { after: page.pageInfo.endCursor });
    expect(JSON.stringify(across.data)).not.toContain(globex.owner.id);
  });

  test.each(["x", "bm90anNvbg", Buffer.from('["key","2026-01-01T00:00:00.000Z","a"]').toString("base64url")])(
    "the cursor %s is refused in both doors, each by its own name",
    async (cursor) => {
      const answer = await rest(server, { person: admin }, "GET", `/members?cursor=${cursor}`);
      expect([answer.status, answer.body.errors[0].path]).toEqual([422, ["cursor"]]);
      const { errors } = await graphql(server, admin, MEMBERS, { after: cursor });
      expect(errors[0]?.extensions["errors"]).toMatchObject([{ path: ["after"] }]);
    },
  );
});

describe("changing a role", () => {
  test("works for who manages members, holds for the next request, and is recorded with before and after", async () => {
    const person = await story.member(acme, "viewer");
    expect((await changeRole(admin, person.memberId, "ADMIN")).data.changeMemberRole.member.role).toBe("ADMIN");
    expect((await graphql(server, person, "{ viewer { role } }")).data.viewer.role).toBe("ADMIN");
    expect((await changeRole(admin, person.memberId, "ADMIN")).data.changeMemberRole.member.role).toBe("ADMIN");
    expect((await eventsOf(person.memberId)).slice(1)).toEqual([
      {
        action: "member.role_changed",
        actor_id: admin.id,
        before: { userId: person.id, role: "viewer" },
        after: { userId: person.id, role: "admin" },
      },
    ]);
  });

  test.each([
    [{ memberId: "member_0", role: "SUPER_ADMIN" }],
    [{ memberId: "member_0", role: "ROOT" }],
    [{ memberId: "member_0", role: "owner" }],
    [{ memberId: "member_0", role: null }],
    [{ memberId: "member_0", role: ["OWNER"] }],
    [{ memberId: "'; DROP TABLE member; --", role: "VIEWER" }],
    [{ memberId: "", role: "VIEWER" }],
    [{ role: "VIEWER" }],
    [{ memberId: "member_0", role: "VIEWER", teamId: "team_0" }],
  ])("%o is invalid input", async (input) => {
    const { data, errors } = await graphql(server, acme.owner, CHANGE, { input });
    expect(data?.changeMemberRole.code ?? errors[0]?.extensions["code"]).toBe("invalid_input");
  });

  test("only owners make owners and change what an owner is", async () => {
    const person = await story.member(acme, "manager");
    expect((await changeRole(admin, person.memberId, "OWNER")).data.changeMemberRole.code).toBe("permission_missing");
    expect((await changeRole(admin, admin.memberId, "OWNER")).data.changeMemberRole.code).toBe("permission_missing");
    expect((await changeRole(acme.owner, person.memberId, "OWNER")).data.changeMemberRole.member.role).toBe("OWNER");
    expect((await changeRole(admin, person.memberId, "VIEWER")).data.changeMemberRole.message).toMatch(/^Only owners/);
    expect((await changeRole(acme.owner, person.memberId, "VIEWER")).data.changeMemberRole.member.role).toBe("VIEWER");
  });

  test("is refused to nobody, to who manages no members, and across teams", async () => {
    const person = await story.member(acme, "viewer");
    expect((await changeRole(null, person.memberId, "ADMIN")).errors[0]?.extensions["code"]).toBe("unauthenticated");
    expect((await changeRole(viewer, viewer.memberId, "ADMIN")).data.changeMemberRole).toMatchObject({
      code: "permission_missing",
      requiredPermission: "members:manage",
    });
    const random = await changeRole(globex.owner, RANDOM, "VIEWER");
    expect((await changeRole(globex.owner, person.memberId, "VIEWER")).data).toEqual(random.data);
    expect((await changeRole(viewer, person.memberId, "VIEWER")).data).toEqual(random.data);
    expect(random.data.changeMemberRole.code).toBe("not_found");
    expect(await eventsOf(person.memberId)).toHaveLength(1);
  });

  test("of the last owner is refused, also to a super_admin", async () => {
    const id = await ownerMember(acme);
    expect((await changeRole(acme.owner, id, "ADMIN")).data.changeMemberRole.code).toBe("last_owner");
    expect((await changeRole(await story.superAdmin(), id, "VIEWER")).data.changeMemberRole.code).toBe("last_owner");
    expect((await changeRole(acme.owner, id, "OWNER")).data.changeMemberRole.member.role).toBe("OWNER");
  });
});

describe("removing and leaving", () => {
  test("removing works, tells who is out, is recorded, and what they see afterwards is nothing of the team", async () => {
    const person = await story.member(acme, "viewer");
    expect((await remove(admin, person.memberId)).data.removeMember).toEqual({
      __typename: "RemoveMemberPayload",
      removedMemberId: person.memberId,
      viewer: { team: { id: acme.id }, role: "ADMIN" },
    });
    expect((await graphql(server, person, "{ viewer { team { id } teams { id } } }")).data.viewer).toEqual({
      team: null,
      teams: [],
    });
    expect((await remove(admin, person.memberId)).data.removeMember.code).toBe("not_found");
    expect((await eventsOf(person.memberId)).slice(1)).toEqual([
      { action: "member.removed", actor_id: admin.id, before: { userId: person.id, role: "viewer" }, after: null },
    ]);
  });

  test("removing oneself is leaving: everybody may, and the viewer is in the next team", async () => {
    const byRemoval = await story.member(acme, "viewer");
    expect((await remove(byRemoval, byRemoval.memberId)).data.removeMember.viewer).toEqual({ team: null, role: null });
    const byLeaving = await story.member(acme, "viewer");
    await server.services.teams.addMember(await story.contextOf(globex.owner), {
      teamId: globex.id,
      userId: byLeaving.id,
      role: "manager",
    });
    expect((await leave(byLeaving, acme.id)).data.leaveTeam).toEqual({
      __typename: "LeaveTeamPayload",
      removedMemberId: byLeaving.memberId,
      viewer: { team: { id: globex.id }, role: "MANAGER" },
    });
    for (const { memberId } of [byRemoval, byLeaving])
      expect((await eventsOf(memberId)).map(({ action }) => action)).toEqual(["member.added", "member.left"]);
  });

  test("only owners remove owners, and nobody removes the last one", async () => {
    const second = await story.member(acme, "owner");
    expect((await remove(admin, second.memberId)).data.removeMember.code).toBe("permission_missing");
    expect((await remove(acme.owner, second.memberId)).data.removeMember.removedMemberId).toBe(second.memberId);
    const last = await ownerMember(acme);
    expect((await leave(acme.owner, acme.id)).data.leaveTeam).toMatchObject({ code: "last_owner" });
    expect((await remove(await story.superAdmin(), last)).data.removeMember.code).toBe("last_owner");
    expect((await remove(admin, last)).data.removeMember.code).toBe("permission_missing");
    expect(await owners(acme)).toHaveLength(1);
  });

  test("is refused to nobody, for what is no id, and across teams", async () => {
    expect((await remove(null, admin.memberId)).errors[0]?.extensions["code"]).toBe("unauthenticated");
    expect((await leave(null, acme.id)).errors[0]?.extensions["code"]).toBe("unauthenticated");
    expect((await remove(admin, "no id")).data.removeMember.code).toBe("invalid_input");
    expect((await leave(admin, "no id")).data.leaveTeam.code).toBe("invalid_input");
    const random = await remove(globex.owner, RANDOM);
    expect((await remove(globex.owner, admin.memberId)).data).toEqual(random.data);
    expect((await remove(viewer, admin.memberId)).data).toEqual(random.data);
    expect((await leave(globex.owner, acme.id)).data).toEqual((await leave(globex.owner, "team_0")).data);
    expect((await leave(globex.owner, acme.id)).data.leaveTeam.code).toBe("not_found");
    expect((await graphql(server, admin, "{ viewer { role } }")).data.viewer.role).toBe("ADMIN");
  });

  test("who joins again does not get old keys back, and the list says why", async () => {
    const person = await story.member(acme, "admin");
    const key = await story.key(person);
    await remove(admin, person.memberId);
    const context = await story.contextOf(acme.owner);
    await server.services.teams.addMember(context, { teamId: acme.id, userId: person.id, role: "owner" });
    expect((await me(server, key.secret)).body.code).toBe("key_owner_inactive");
    expect((await rest(server, { person: admin }, "GET", `/api-keys/${key.id}`)).body.blockedReason).toBe(
      "OWNER_REMOVED",
    );
    const rejoined = await story.key(person);
    expect((await me(server, rejoined.secret)).status).toBe(200);
    await leave(person, acme.id);
  });

  test("without an audit event nobody is removed: both or none", async () => {
    const person = await story.member(acme, "admin");
    const key = await story.key(person);
    await server.sql("ALTER TABLE audit_event RENAME TO away");
    const answers = [await remove(admin, person.memberId), await changeRole(admin, person.memberId, "VIEWER")];
    await server.sql("ALTER TABLE away RENAME TO audit_event");
    expect(answers.map(({ errors }) => errors[0]?.extensions["code"])).toEqual(["internal", "internal"]);
    expect((await graphql(server, person, "{ viewer { role } }")).data.viewer.role).toBe("ADMIN");
    expect((await me(server, key.secret)).status).toBe(200);
    await remove(admin, person.memberId);
  });
});

describe("the last owner, when two ask at once", () => {
  const PAIRS = {
    "each demotes the other": (a: Person, b: Person) => [
      changeRole(a, b.memberId, "VIEWER"),
      changeRole(b, a.memberId, "VIEWER"),
    ],
    "each removes the other": (a: Person, b: Person) => [remove(a, b.memberId), remove(b, a.memberId)],
    "each demotes themself": (a: Person, b: Person) => [
      changeRole(a, a.memberId, "ADMIN"),
      changeRole(b, b.memberId, "ADMIN"),
    ],
    "one leaves, the other is demoted": (a: Person, b: Person) => [
      remove(a, a.memberId),
      changeRole(a, b.memberId, "ADMIN"),
    ],
    "both leave": (a: Person, b: Person) => [remove(a, a.memberId), remove(b, b.memberId)],
  };
  test.each(Object.entries(PAIRS))("stays, when %s", async (_what, ask) => {
    for (let round = 0; round < 5; round += 1) {
      const team = await story.team("Two owners");
      const second = await story.member(team, "owner");
      const first = { ...team.owner, memberId: await ownerMember(team) };
      const answers = await Promise.all(ask(first, second));
      expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
      const refused = answers.filter(({ data }) => "code" in (Object.values(data)[0] as object));
      expect([refused.length, (await owners(team)).length]).toEqual([1, 1]);
    }
  });
});

describe("revoking all keys of a member", () => {
  test("stops each, with one event each; repeating it revokes nothing more", async () => {
    const person = await story.member(acme, "admin");
    const keys = [
      await story.key(person),
      await story.key(person),
      await story.keyOf(person, 20, { expiresInDays: 10 }),
    ];
    const { data } = await revokeAll(admin, person.memberId);
    const revoked = data.revokeMemberApiKeys.apiKeys;
    expect(revoked).toHaveLength(2);
    for (const key of revoked) expect(key).toMatchObject({ status: "REVOKED", revokedBy: { id: admin.id } });
    for (const { secret } of keys) expect((await me(server, secret)).status).toBe(401);
    for (const { id } of keys.slice(0, 2))
      expect((await eventsOf(id)).map(({ action }) => action)).toEqual(["api_key.created", "api_key.revoked"]);
    expect((await revokeAll(admin, person.memberId)).data.revokeMemberApiKeys.apiKeys).toEqual([]);
    expect((await me(server, (await story.key(person)).secret)).status).toBe(200);
  });

  test("leaves keys of others, and of the person in other teams, as they are", async () => {
    const person = await story.member(acme, "admin");
    const other = await story.key(admin);
    const context = await story.contextOf(globex.owner);
    await server.services.teams.addMember(context, { teamId: globex.id, userId: person.id, role: "admin" });
    const elsewhere = await story.key(person, { teamId: globex.id });
    const here = await story.key(person, { teamId: acme.id });
    await revokeAll(admin, person.memberId);
    expect((await me(server, here.secret)).body.code).toBe("key_revoked");
    for (const { secret } of [other, elsewhere]) expect((await me(server, secret)).status).toBe(200);
  });

  test("one's own needs nothing more; others' need api_keys:revoke and are else not found", async () => {
    const person = await story.member(acme, "admin");
    await story.key(person);
    await changeRole(admin, person.memberId, "VIEWER");
    const random = await revokeAll(person, RANDOM);
    expect((await revokeAll(person, admin.memberId)).data).toEqual(random.data);
    expect((await revokeAll(globex.owner, person.memberId)).data).toEqual(random.data);
    expect(random.data.revokeMemberApiKeys.code).toBe("not_found");
    expect((await revokeAll(null, person.memberId)).errors[0]?.extensions["code"]).toBe("unauthenticated");
    expect((await revokeAll(person, "no id")).data.revokeMemberApiKeys.code).toBe("invalid_input");
    expect((await revokeAll(person, person.memberId)).data.revokeMemberApiKeys.apiKeys).toHaveLength(1);
  });
});
