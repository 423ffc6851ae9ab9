import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { graphql } from "../../../test/doors.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let story: Story;
let acme: Team;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
});
afterAll(() => server.close());

const CREATE = `mutation ($input: CreateTeamInput!) { createTeam(input: $input) { __typename
  ... on CreateTeamPayload { team { id name slug } viewer { role team { id } permissions } }
  ... on Error { code } ... on InvalidInputError { fields { path } } } }`;
const SELECT = `mutation ($input: SelectTeamInput!) { selectTeam(input: $input) { __typename
  ... on SelectTeamPayload { viewer { role team { id } } } ... on Error { code message } } }`;
const create = (person: Person | null, input: object) => graphql(server, person, CREATE, { input });
const select = (person: Person | null, teamId: string) => graphql(server, person, SELECT, { input: { teamId } });
const selectedBy = async (person: Person) =>
  (await graphql(server, person, "{ viewer { team { id } } }")).data.viewer.team?.id ?? null;

describe("creating a team", () => {
  test("makes one that the viewer owns, on the plan of new teams, selected, and recorded", async () => {
    const person = await story.personWithoutTeam();
    const { team, viewer } = (await create(person, { name: "  Zürich Büro " })).data.createTeam;
    expect(team).toMatchObject({ name: "Zürich Büro", slug: "zurich-buro" });
    expect(viewer).toMatchObject({ role: "OWNER", team: { id: team.id } });
    expect(viewer.permissions).toContain("members:manage");
    expect(await selectedBy(person)).toBe(team.id);
    expect(await server.sql("SELECT plan, status FROM subscription WHERE team_id = $1", [team.id])).toEqual([
      { plan: "starter", status: "trialing" },
    ]);
    const events = await server.sql("SELECT action, actor_id FROM audit_event WHERE team_id = $1 ORDER BY at, id", [
      team.id,
    ]);
    expect(events).toHaveLength(2);
    expect(events).toEqual(
      expect.arrayContaining([
        { action: "team.created", actor_id: person.id },
        { action: "member.added", actor_id: person.id },
      ]),
    );
  });

  test("of a name that is taken gets another slug, also when both are asked at once", async () => {
    const people = await Promise.all([1, 2, 3, 4].map(() => story.personWithoutTeam()));
    const answers = await Promise.all(people.map((person) => create(person, { name: "Twins" })));
    const slugs = answers.map(({ data }) => data?.createTeam.team.slug);
    expect(new Set(slugs).size).toBe(4);
    for (const slug of slugs) expect(slug).toMatch(/^twins/);
  });

  test.each([
    [{ name: "" }],
    [{ name: "a\u202eb" }],
    [{ name: "x".repeat(65) }],
    [{ name: 7 }],
    [{}],
    [{ name: "x", plan: "enterprise" }],
  ])("%o is invalid input and makes nothing", async (input) => {
    const before = await server.sql("SELECT id FROM team");
    const { data, errors } = await create(acme.owner, input);
    expect(data?.createTeam.code ?? errors[0]?.extensions["code"]).toBe("invalid_input");
    expect(await server.sql("SELECT id FROM team")).toEqual(before);
  });

  test("needs a session", async () => {
    expect((await create(null, { name: "x" })).errors[0]?.extensions["code"]).toBe("unauthenticated");
  });
});

describe("a super_admin", () => {
  const entries = () =>
    server.sql("SELECT actor_id FROM audit_event WHERE team_id = $1 AND action = 'super_admin.entered_team'", [
      acme.id,
    ]);

  test("who selects a team from outside is in its audit log; who is a member is not", async () => {
    const root = await story.superAdmin();
    expect((await select(root, acme.id)).data.selectTeam.viewer).toEqual({
      role: "SUPER_ADMIN",
      team: { id: acme.id },
    });
    expect(await entries()).toEqual([{ actor_id: root.id }]);
    const own = (await create(root, { name: "Root's own" })).data.createTeam.team.id;
    await select(root, own);
    expect(
      await server.sql("SELECT id FROM audit_event WHERE team_id = $1 AND action LIKE 'super_admin%'", [own]),
    ).toEqual([]);
  });

  test("does not enter by signing in: the last team from outside is not selected again", async () => {
    const root = await story.superAdmin();
    await select(root, acme.id);
    const before = await entries();
    expect(await selectedBy(await story.signInAgain(root))).toBeNull();
    expect(await entries()).toEqual(before);
  });

  test("selects no team without the event: both or none", async () => {
    const root = await story.superAdmin();
    await server.sql("ALTER TABLE audit_event RENAME TO away");
    const answer = await select(root, acme.id);
    await server.sql("ALTER TABLE away RENAME TO audit_event");
    expect(answer.errors[0]?.extensions["code"]).toBe("internal");
    expect(await selectedBy(root)).toBeNull();
  });
});
