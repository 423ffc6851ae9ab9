import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { auth, enroll } from "../../../test/authenticator.ts";
import { graphql, me, rest } from "../../../test/doors.ts";
import { PASSWORD, Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let story: Story;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
});
afterAll(() => server.close());

const VIEWER =
  "query ($id: ID) { viewer(teamId: $id) { team { name } role permissions needsSecondFactor isSuperAdmin } }";
const viewerOf = async (person: Person, teamId: string | null = null) =>
  (await graphql(server, person, VIEWER, { id: teamId })).data.viewer;
const requireOf = (person: Person, teamId: string, isRequired = true) =>
  graphql(
    server,
    person,
    `
      mutation ($input: SetTeamSecondFactorInput!) {
        setTeamSecondFactor(input: $input) {
          __typename
          ... on SetTeamSecondFactorPayload {
            teamSecurity {
              requiresSecondFactor
              withoutSecondFactor {
                id
              }
            }
          }
          ... on Error {
            code
          }
        }
      }
    `,
    { input: { teamId, isRequired } },
  );
const eventsOf = (teamId: string) =>
  server.sql("SELECT before, after FROM audit_event WHERE team_id = $1 AND action = 'team.second_factor_changed'", [
    teamId,
  ]);

describe("a team that requires a second factor", () => {
  let acme: Team;
  let owner: Person;
  let admin: Person;
  beforeEach(async () => {
    acme = await story.team("Acme Ads");
    owner = { ...acme.owner, cookie: (await enroll(server, acme.owner)).cookie };
    admin = await story.member(acme, "admin");
  });

  test("is made so by an owner who has one, once in the log, and told whom it keeps out", async () => {
    const { data } = await requireOf(owner, acme.id);
    expect(data.setTeamSecondFactor.teamSecurity).toEqual({
      requiresSecondFactor: true,
      withoutSecondFactor: [{ id: admin.id }],
    });
    await requireOf(owner, acme.id);
    expect(await eventsOf(acme.id)).toEqual([
      { before: { requiresSecondFactor: false }, after: { requiresSecondFactor: true } },
    ]);
    expect((await viewerOf(owner)).needsSecondFactor).toBe(false);
  });

  test("is not made so by an owner without one, nor by an admin", async () => {
    const other = await story.team("Hooli");
    const refused = await requireOf(other.owner, other.id);
    expect(refused.errors[0]?.extensions["code"]).toBe("second_factor_required");
    const byAdmin = await requireOf({ ...admin, cookie: (await enroll(server, admin)).cookie }, acme.id);
    expect(byAdmin.data.setTeamSecondFactor.code).toBe("permission_missing");
    expect(await eventsOf(acme.id)).toEqual([]);
  });

  test("refuses its admins everything but to see themselves, until they have one; their keys keep working", async () => {
    const key = await story.key(admin);
    await requireOf(owner, acme.id);
    expect(await viewerOf(admin)).toEqual({
      team: { name: "Acme Ads" },
      role: "ADMIN",
      permissions: [],
      needsSecondFactor: true,
      isSuperAdmin: false,
    });
    const operations: [string, object][] = [
      ["query ($id: ID) { apiKeys(teamId: $id) { totalCount } }", { id: acme.id }],
      ["query ($id: ID) { members(teamId: $id) { nodes { id } } }", { id: acme.id }],
      ["query ($id: ID!) { apiKey(id: $id) { name } }", { id: key.id }],
      [
        "mutation ($input: SelectTeamInput!) { selectTeam(input: $input) { __typename } }",
        { input: { teamId: acme.id } },
      ],
      [
        "mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { __typename } }",
        { input: { id: key.id } },
      ],
      [
        "mutation ($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { __typename } }",
        { input: { memberId: admin.memberId, role: "VIEWER" } },
      ],
      [
        "mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { __typename } }",
        { input: { teamId: acme.id, name: "No", permissions: ["analytics:read"] } },
      ],
    ];
    for (const [query, variables] of operations) {
      const { errors } = await graphql(server, admin, query, variables);
      expect([query, errors[0]?.extensions["code"]]).toEqual([query, "second_factor_required"]);
    }
    for (const path of ["/api-keys", "/members", "/billing/subscription", `/api-keys/${key.id}`]) {
      const { status, body } = await rest(server, { person: admin }, "GET", path);
      expect([path, status, body.code]).toEqual([path, 403, "second_factor_required"]);
    }
    expect((await rest(server, { person: admin }, "GET", "/auth/me")).body.team.name).toBe("Acme Ads");
    expect((await me(server, key.secret)).status).toBe(200);

    const { cookie } = await enroll(server, admin);
    expect((await viewerOf({ ...admin, cookie })).needsSecondFactor).toBe(false);
    expect((await rest(server, { person: { ...admin, cookie } }, "GET", "/api-keys")).status).toBe(200);
  });

  test("does not touch its managers and viewers, nor its admins' other teams", async () => {
    const hooli = await story.team("Hooli");
    const context = await story.contextOf(hooli.owner);
    await server.services.teams.addMember(context, { teamId: hooli.id, userId: admin.id, role: "admin" });
    const manager = await story.member(acme, "manager");
    await requireOf(owner, acme.id);
    expect((await viewerOf(manager)).needsSecondFactor).toBe(false);
    expect((await viewerOf(admin, hooli.id)).permissions).toContain("api_keys:create");
    const lifted = await requireOf(owner, acme.id, false);
    expect(lifted.data.setTeamSecondFactor.teamSecurity.requiresSecondFactor).toBe(false);
    expect((await viewerOf(admin)).permissions).toContain("api_keys:create");
  });

  test("lets nobody give up the one it relies on", async () => {
    await requireOf(owner, acme.id);
    const refused = await auth(server, "POST", "/two-factor/disable", {
      cookie: owner.cookie,
      body: { password: PASSWORD },
    });
    expect([refused.status, refused.body.code]).toEqual([403, "second_factor_required"]);
    expect(refused.body.detail).toContain("Acme Ads requires a second factor");
    const { body } = await auth(server, "GET", "/account", { cookie: owner.cookie });
    expect(body.secondFactor).toMatchObject({ isEnabled: true, recoveryCodesLeft: 10, requiredBy: ["Acme Ads"] });
  });
});

describe("a super admin without a second factor in production", () => {
  test("has none of the platform's powers, whatever the id, and gets them by setting one up", async () => {
    const acme = await story.team("Acme Ads");
    const root = await story.personWithoutTeam();
    await server.services.accounts.makeSuperAdmin(root.id);
    expect(await viewerOf(root, acme.id)).toEqual({
      team: null,
      role: null,
      permissions: [],
      needsSecondFactor: true,
      isSuperAdmin: true,
    });
    for (const id of [acme.id, "team_0000000000000000000z"]) {
      const { errors } = await graphql(server, root, "query ($id: ID) { apiKeys(teamId: $id) { totalCount } }", { id });
      expect(errors[0]?.extensions["code"]).toBe("second_factor_required");
    }
    const teams = (person: Person) => graphql(server, person, "{ teams { nodes { name } } }");
    expect((await teams(root)).errors[0]?.extensions["code"]).toBe("second_factor_required");
    const { body } = await rest(server, { person: root }, "GET", `/backoffice/teams/${acme.id}`);
    expect(body.code).toBe("second_factor_required");
    const { cookie } = await enroll(server, root);
    expect((await teams({ ...root, cookie })).errors).toEqual([]);
    expect((await viewerOf({ ...root, cookie }, acme.id)).role).toBe("SUPER_ADMIN");
    const refused = await auth(server, "POST", "/two-factor/disable", { cookie, body: { password: PASSWORD } });
    expect(refused.body.code).toBe("second_factor_required");
  });

  test("has them in local mode", async () => {
    const { secondFactor } = server.services;
    expect(secondFactor.missingIn({ isSuperAdmin: true, memberships: [] }, false)).toBeUndefined();
  });
});
