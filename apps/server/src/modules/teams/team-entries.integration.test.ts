import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { graphql, rest } from "../../../test/doors.ts";
import { statementsOf } from "../../../test/statement-count.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let story: Story;
let team: Team;
let root: Person;
let keyId: string;
let memberId: string | null;
let invitationId: string;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  root = await story.superAdmin();
  await story.hurry(root);
});
beforeEach(async () => {
  team = await story.team("Acme Ads");
  keyId = (await story.key(team.owner)).id;
  memberId = (await story.member(team, "viewer")).memberId;
  const input = { email: "somebody@acme.example", role: "viewer" };
  invitationId = (await server.services.invitations.invite(await story.contextOf(team.owner), input)).invitation.id;
});
afterAll(() => server.close());

const entries = (teamId = team.id) =>
  server.sql(
    "SELECT actor_id, request_id FROM audit_event WHERE team_id = $1 AND action = 'super_admin.entered_team'",
    [teamId],
  );
const mutation = (field: string, input: string) =>
  `mutation { ${field}(input: { ${input} }) { __typename ... on Error { code message } } }`;

/** Every way to name a team, or something in it, without having selected it. */
const WAYS: Record<string, () => Promise<unknown>> = {
  "the teamId of a query": () => graphql(server, root, `{ apiKeys(teamId: "${team.id}") { totalCount } }`),
  "the teamId of the viewer": () => graphql(server, root, `{ viewer(teamId: "${team.id}") { team { name } } }`),
  "the teamId of an input": () =>
    graphql(server, root, mutation("createApiKey", `teamId: "${team.id}", name: "x", permissions: ["analytics:read"]`)),
  "selecting it": () => graphql(server, root, mutation("selectTeam", `teamId: "${team.id}"`)),
  "a key's id in GraphQL": () => graphql(server, root, `{ apiKey(id: "${keyId}") { name } }`),
  "a key's id in REST": () => rest(server, { person: root }, "GET", `/api-keys/${keyId}`),
  "renaming a key": () => graphql(server, root, mutation("renameApiKey", `id: "${keyId}", name: "y"`)),
  "revoking a key in REST": () => rest(server, { person: root }, "DELETE", `/api-keys/${keyId}`),
  "a member's id": () => graphql(server, root, mutation("changeMemberRole", `memberId: "${memberId}", role: MANAGER`)),
  "a member's keys": () => graphql(server, root, mutation("revokeMemberApiKeys", `memberId: "${memberId}"`)),
  "an invitation's id": () => graphql(server, root, mutation("cancelInvitation", `id: "${invitationId}"`)),
};

describe("a super_admin who comes into a team from outside", () => {
  test.each(Object.entries(WAYS))("by %s is in its audit log once, also when repeated", async (_way, come) => {
    await come();
    expect(await entries()).toMatchObject([{ actor_id: root.id, request_id: expect.stringMatching(/^req_/) }]);
    await come();
    for (const again of Object.values(WAYS)) await again();
    expect(await entries()).toHaveLength(1);
  });

  test("with 20 requests at once is in it once; in another session once more", async () => {
    const ask = (person: Person) => graphql(server, person, `{ apiKeys(teamId: "${team.id}") { totalCount } }`);
    await Promise.all(Array.from({ length: 20 }, () => ask(root)));
    expect(await entries()).toHaveLength(1);
    await ask(await story.signInAgain(root));
    expect(await entries()).toHaveLength(2);
  });

  test("writes nothing on the requests after the first, and asks for it in the statement that finds the team", async () => {
    const ask = () => graphql(server, root, `{ apiKeys(teamId: "${team.id}") { nodes { id } } }`);
    await ask();
    const visiting = await statementsOf(ask);
    expect(visiting.statements.filter((sql) => /INSERT|UPDATE|BEGIN/.test(sql))).toEqual([]);
    const owning = await statementsOf(() => graphql(server, team.owner, "{ apiKeys { nodes { id } } }"));
    expect(visiting.statements.length - owning.statements.length).toBeLessThanOrEqual(1);
  });

  test("is told nothing when the event cannot be written", async () => {
    await server.sql("ALTER TABLE audit_event RENAME TO away");
    const { data } = await graphql(server, root, `{ apiKey(id: "${keyId}") { name } }`);
    await server.sql("ALTER TABLE away RENAME TO audit_event");
    expect(data?.apiKey ?? null).toBeNull();
    await graphql(server, root, `{ apiKey(id: "${keyId}") { name } }`);
    expect(await entries()).toHaveLength(1);
  });
});

test("members, keys and teams that do not exist leave no such event", async () => {
  const owned = await story.superAdmin();
  await server.services.teams.addMember(await story.contextOf(team.owner), {
    teamId: team.id,
    userId: owned.id,
    role: "viewer",
  });
  await graphql(server, owned, `{ apiKeys(teamId: "${team.id}") { totalCount } }`);
  await graphql(
    server,
    root,
    `
      {
        apiKeys(teamId: "team_00000000000000000000") {
          totalCount
        }
      }
    `,
  );
  const { secret } = await story.key(root, { teamId: team.id, permissions: ["api_keys:read"] });
  const before = await entries();
  expect((await rest(server, { key: secret }, "GET", `/api-keys/${keyId}`)).status).toBe(200);
  expect(await entries()).toEqual(before);
  expect(before).toHaveLength(1);
});
