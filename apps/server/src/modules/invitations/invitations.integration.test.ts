import { INVITATION_HEADER } from "@latchkey/types/inputs/invitations";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { graphql } from "../../../test/doors.ts";
import { PASSWORD, Story, type Person, type Team } from "../../../test/story.ts";
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

const INVITE = `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { __typename
  ... on InviteMemberPayload { invitation { id email role expiresAt link } } ... on Error { code message }
  ... on InvalidInputError { fields { path message } } ... on PermissionMissingError { requiredPermission } } }`;
const ACCEPT = `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename
  ... on AcceptInvitationPayload { team { id } viewer { role team { id } teams { id } } } ... on Error { code message } } }`;
const CANCEL = `mutation ($input: CancelInvitationInput!) { cancelInvitation(input: $input) { __typename
  ... on CancelInvitationPayload { invitation { id email link } } ... on Error { code message } } }`;
const LIST = `query ($teamId: ID) { invitations(teamId: $teamId) { id email role expiresAt link } }`;

const invite = (person: Person | null, input: object) => graphql(server, person, INVITE, { input });
const accept = (person: Person | null, id: unknown) => graphql(server, person, ACCEPT, { input: { id } });
const cancel = (person: Person | null, id: unknown) => graphql(server, person, CANCEL, { input: { id } });
const eventsOf = async (targetId: string) =>
  (
    await server.sql<{ action: string }>("SELECT action FROM audit_event WHERE target_id = $1 ORDER BY at, id", [
      targetId,
    ])
  ).map(({ action }) => action);

/** An invitation for this address, with the end of its link. */
async function invited(email: string, role = "VIEWER", by: Person = admin) {
  const { invitation } = (await invite(by, { email, role })).data.inviteMember;
  return { id: invitation.id as string, token: (invitation.link as string).split("/").at(-1) ?? "" };
}
const refusal = async (person: Person, id: string) => (await accept(person, id)).data.acceptInvitation;

describe("inviting", () => {
  test("gives a link once; what is stored opens nothing; one event, in lower case, without the link", async () => {
    const { data } = await invite(admin, { email: "  Ada@Acme.example ", role: "MANAGER" });
    const { invitation } = data.inviteMember;
    expect(invitation).toMatchObject({ email: "ada@acme.example", role: "MANAGER" });
    expect(invitation.link).toMatch(new RegExp(`^${server.origin}/accept-invitation/[0-9A-Za-z]{32}$`));
    const days = (Date.parse(invitation.expiresAt) - Date.now()) / (24 * 60 * 60 * 1000);
    expect(days).toBeGreaterThan(6.99);
    expect(days).toBeLessThan(7.01);

    const token = invitation.link.split("/").at(-1);
    const listed = (await graphql(server, admin, LIST)).data.invitations;
    expect(listed).toContainEqual({ ...invitation, link: null });
    const everything = JSON.stringify([
      listed,
      await server.sql("SELECT row_to_json(i) FROM invitation i"),
      await server.sql("SELECT row_to_json(e) FROM audit_event e"),
      server.logLines,
    ]);
    expect(everything).not.toContain(token);
    expect(await eventsOf(invitation.id)).toEqual(["invitation.created"]);
    expect((await refusal(await story.personWithoutTeam(), invitation.id)).code).toBe("invitation_invalid");
  });

  test.each([
    [{ email: "not an address", role: "VIEWER" }, "email"],
    [{ email: "", role: "VIEWER" }, "email"],
    [{ email: `${"a".repeat(250)}@acme.example`, role: "VIEWER" }, "email"],
    [{ email: "a@acme.example\nbcc: b@acme.example", role: "VIEWER" }, "email"],
    [{ email: "a@acme.example, b@acme.example", role: "VIEWER" }, "email"],
    [{ email: "a@acme.example", role: "SUPER_ADMIN" }, "role"],
    [{ email: "a@acme.example", role: "ROOT" }, "role"],
    [{ email: "a@acme.example", role: "viewer" }, "role"],
    [{ email: "a@acme.example", role: null }, "role"],
    [{ email: null, role: "VIEWER" }, "email"],
    [{ email: "a@acme.example", role: "VIEWER", teamId: "../team" }, "teamId"],
  ])("%o is invalid input, by the name of %s, and makes nothing", async (input, field) => {
    const before = await server.sql("SELECT id FROM invitation");
    const { data, errors } = await invite(acme.owner, input);
    const failure = data?.inviteMember;
    expect(failure?.code ?? errors[0]?.extensions["code"]).toBe("invalid_input");
    expect(JSON.stringify(failure?.fields ?? errors)).toContain(field);
    expect(await server.sql("SELECT id FROM invitation")).toEqual(before);
  });

  test("is refused to who manages no members, to nobody, and across teams; only owners invite owners", async () => {
    const input = { email: "b@acme.example", role: "VIEWER" };
    expect((await invite(null, input)).errors[0]?.extensions["code"]).toBe("unauthenticated");
    expect((await invite(viewer, input)).data.inviteMember.requiredPermission).toBe("members:manage");
    const foreign = await invite(admin, { ...input, teamId: globex.id });
    expect(foreign.data).toEqual((await invite(admin, { ...input, teamId: "team_0" })).data);
    expect(foreign.data.inviteMember.code).toBe("not_found");
    expect((await invite(admin, { ...input, role: "OWNER" })).data.inviteMember.code).toBe("permission_missing");
    expect((await invite(acme.owner, { ...input, role: "OWNER" })).data.inviteMember.invitation.role).toBe("OWNER");
  });

  test("a member is told by name of the field; whether anybody else has an account, nobody is told", async () => {
    const member = await invite(admin, { email: viewer.email.toUpperCase(), role: "ADMIN" });
    expect(member.data.inviteMember.fields).toEqual([
      { path: ["email"], message: "This person is already a member of the team." },
    ]);
    const shape = async (email: string) => {
      const { __typename, invitation } = (await invite(admin, { email, role: "VIEWER" })).data.inviteMember;
      return [__typename, Object.keys(invitation), invitation.link.length];
    };
    expect(await shape(globex.owner.email)).toEqual(await shape("has-no-account@acme.example"));
  });

  test("an address again replaces the invitation before, also when both are asked at once", async () => {
    const person = await story.personWithoutTeam();
    const first = await invited(person.email);
    const second = await invited(person.email, "MANAGER");
    expect((await refusal(person, first.token)).code).toBe("invitation_invalid");
    expect(await eventsOf(first.id)).toEqual(["invitation.created", "invitation.cancelled"]);
    await Promise.all([1, 2, 3, 4].map(() => invite(admin, { email: person.email, role: "VIEWER" })));
    const open = (await graphql(server, admin, LIST)).data.invitations.filter(
      ({ email }: { email: string }) => email === person.email,
    );
    expect(open).toHaveLength(1);
    expect((await refusal(person, second.token)).code).toBe("invitation_invalid");
  });
});

describe("accepting", () => {
  test("makes the invited a member with that role, selects the team, and is recorded", async () => {
    const person = await story.personWithoutTeam();
    const { id, token } = await invited(person.email, "MANAGER");
    expect((await accept(person, token)).data.acceptInvitation).toEqual({
      __typename: "AcceptInvitationPayload",
      team: { id: acme.id },
      viewer: { role: "MANAGER", team: { id: acme.id }, teams: [{ id: acme.id }] },
    });
    expect((await graphql(server, person, "{ viewer { role team { id } } }")).data.viewer).toEqual({
      role: "MANAGER",
      team: { id: acme.id },
    });
    expect(await eventsOf(id)).toEqual(["invitation.created", "invitation.accepted"]);
    const [member] = await server.sql<{ id: string }>("SELECT id FROM member WHERE user_id = $1", [person.id]);
    expect(await eventsOf(member?.id ?? "")).toEqual(["member.added"]);
  });

  test("used, expired, cancelled, somebody else's, unknown and not a link at all are one and the same answer", async () => {
    const person = await story.personWithoutTeam();
    const used = await invited(person.email);
    await accept(person, used.token);
    await graphql(server, person, "mutation ($id: ID!) { leaveTeam(input: { teamId: $id }) { __typename } }", {
      id: acme.id,
    });
    const cancelled = await invited(person.email);
    await cancel(admin, cancelled.id);
    const expired = await invited(person.email);
    await server.sql("UPDATE invitation SET expires_at = now() WHERE id = $1", [expired.id]);
    const others = await invited("somebody-else@acme.example");

    const tokens = [used, cancelled, expired, others].map(({ token }) => token);
    const unknown = ["0".repeat(32), "", "🔑", "' OR true --", expired.id, "x".repeat(2_000)];
    const answers = await Promise.all([...tokens, ...unknown].map((token) => refusal(person, token)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ __typename: "ConflictError", code: "invitation_invalid" });
    expect(await server.sql("SELECT id FROM member WHERE user_id = $1", [person.id])).toEqual([]);
  });

  test("works once, also when it is asked eight times at once", async () => {
    const person = await story.personWithoutTeam();
    const { id, token } = await invited(person.email);
    const answers = await Promise.all(Array.from({ length: 8 }, () => accept(person, token)));
    const kinds = answers.map(({ data }) => data.acceptInvitation.code ?? data.acceptInvitation.__typename).toSorted();
    expect(kinds).toEqual(["AcceptInvitationPayload", ...Array.from({ length: 7 }, () => "invitation_invalid")]);
    expect(await eventsOf(id)).toEqual(["invitation.created", "invitation.accepted"]);
  });

  test("needs a session, and one that nobody tampered with", async () => {
    const person = await story.personWithoutTeam();
    const { token } = await invited(person.email);
    expect((await accept(null, token)).errors[0]?.extensions["code"]).toBe("unauthenticated");
    const tampered = { ...person, cookie: `${person.cookie}x` };
    expect((await accept(tampered, token)).errors[0]?.extensions["code"]).toBe("unauthenticated");
    const { data, errors } = await accept(person, null);
    expect([data, errors[0]?.extensions["code"]]).toEqual([null, "invalid_input"]);
    expect((await accept(person, token)).data.acceptInvitation.team.id).toBe(acme.id);
  });

  test.each([
    ["removed", "DELETE FROM member WHERE user_id = $1"],
    ["demoted", "UPDATE member SET role = 'manager' WHERE user_id = $1"],
    ["banned", `UPDATE "user" SET banned_at = now() WHERE id = $1`],
  ])("nobody comes in by a link whose inviter was %s since", async (_what, sql) => {
    const inviter = await story.member(acme, "admin");
    const person = await story.personWithoutTeam();
    const { token } = await invited(person.email, "VIEWER", inviter);
    await server.sql(sql, [inviter.id]);
    expect((await refusal(person, token)).code).toBe("invitation_invalid");
  });
});

describe("cancelling", () => {
  test("ends the link; repeating it is the same answer and no second event", async () => {
    const person = await story.personWithoutTeam();
    const { id, token } = await invited(person.email);
    const first = await cancel(admin, id);
    expect(first.data.cancelInvitation.invitation).toEqual({ id, email: person.email, link: null });
    expect((await cancel(admin, id)).data).toEqual(first.data);
    expect(await eventsOf(id)).toEqual(["invitation.created", "invitation.cancelled"]);
    expect((await refusal(person, token)).code).toBe("invitation_invalid");
    expect(JSON.stringify((await graphql(server, admin, LIST)).data)).not.toContain(id);
  });

  test("of an accepted one is refused, because it would take nobody out", async () => {
    const person = await story.personWithoutTeam();
    const { id, token } = await invited(person.email);
    await accept(person, token);
    expect((await cancel(admin, id)).data.cancelInvitation.code).toBe("invitation_invalid");
  });

  test("is refused to nobody, for what is no id; unseen and foreign ones are not found", async () => {
    const { id } = await invited("c@acme.example");
    expect((await cancel(null, id)).errors[0]?.extensions["code"]).toBe("unauthenticated");
    expect((await cancel(admin, "no id")).data.cancelInvitation.code).toBe("invalid_input");
    const random = await cancel(globex.owner, "invitation_00000000000000000000");
    expect((await cancel(globex.owner, id)).data).toEqual(random.data);
    expect((await cancel(viewer, id)).data).toEqual(random.data);
    expect(random.data.cancelInvitation.code).toBe("not_found");
    expect(await eventsOf(id)).toEqual(["invitation.created"]);
  });
});

test("the list needs members:read, and another team's is not found", async () => {
  const { data, errors } = await graphql(server, viewer, LIST);
  expect([data.invitations, errors[0]?.extensions["requiredPermission"]]).toEqual([null, "members:read"]);
  expect((await graphql(server, admin, LIST, { teamId: globex.id })).errors[0]?.extensions["code"]).toBe("not_found");
  expect((await graphql(server, null, LIST)).errors[0]?.extensions["code"]).toBe("unauthenticated");
});

describe("signing up by invitation", () => {
  let counter = 0;
  const signUp = async (token: string | null, body: object | string, headers: Record<string, string> = {}) => {
    counter += 1;
    const response = await server.fetch("/api/auth/sign-up/email", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        origin: server.origin,
        ...(token === null ? {} : { [INVITATION_HEADER]: token }),
        ...headers,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
      ip: `203.0.113.${counter}`,
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> & { code?: string } };
  };
  const account = (email: string) => ({ email, name: "New Person", password: PASSWORD });
  const people = (email: string) =>
    server.sql<{ id: string; email_verified: boolean; is_super_admin: boolean; name: string }>(
      `SELECT id, email_verified, is_super_admin, name FROM "user" WHERE email = $1`,
      [email],
    );

  test("makes an account for the invited address, unverified, which then accepts", async () => {
    const { token } = await invited("newcomer@acme.example", "ADMIN");
    expect((await signUp(token, account("Newcomer@Acme.example"))).status).toBe(200);
    const [person] = await people("newcomer@acme.example");
    expect(person).toMatchObject({ email_verified: false, is_super_admin: false, name: "New Person" });
    expect(await server.sql("SELECT id FROM member WHERE user_id = $1", [person?.id])).toEqual([]);
    const response = await server.fetch("/api/auth/sign-in/email", {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.origin },
      body: JSON.stringify({ email: "newcomer@acme.example", password: PASSWORD }),
      ip: "203.0.113.200",
    });
    const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const newcomer = { id: person?.id ?? "", email: "newcomer@acme.example", memberId: null, cookie };
    expect((await accept(newcomer, token)).data.acceptInvitation.viewer.role).toBe("ADMIN");
    expect((await signUp(token, account("newcomer@acme.example"))).body.code).toBe("invitation_invalid");
  });

  test("is shut without an invitation, for another address, and by a link that has ended: nobody is made", async () => {
    const ended = await invited("ended@acme.example");
    await server.sql("UPDATE invitation SET expires_at = now() WHERE id = $1", [ended.id]);
    const { token } = await invited("wanted@acme.example");
    expect((await signUp(null, account("wanted@acme.example"))).status).toBe(404);
    const answers = [
      await signUp(token, account("other@acme.example")),
      await signUp("0".repeat(32), account("wanted@acme.example")),
      await signUp("", account("wanted@acme.example")),
      await signUp(ended.token, account("ended@acme.example")),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [410, "invitation_invalid"]),
    );
    for (const name of ["wanted", "other", "ended"]) expect(await people(`${name}@acme.example`)).toEqual([]);
  });

  test("tells nobody whether the address has an account, and changes nothing about one that has", async () => {
    const existing = await story.personWithoutTeam();
    const forExisting = await signUp((await invited(existing.email)).token, account(existing.email));
    const forNew = await signUp((await invited("fresh@acme.example")).token, account("fresh@acme.example"));
    const shape = ({ status, body }: typeof forNew) => [
      status,
      Object.keys(body),
      Object.keys(body["user"] as object).toSorted(),
    ];
    expect(shape(forExisting)).toEqual(shape(forNew));
    expect(await people(existing.email)).toMatchObject([{ id: existing.id, name: "loner" }]);
  });

  test.each([
    ["a field we do not know", { ...account("field@acme.example"), isSuperAdmin: true }, 422],
    ["a verified address", { ...account("field@acme.example"), emailVerified: true }, 422],
    ["a short password", { ...account("field@acme.example"), password: "short" }, 422],
    ["a name that hides text", { ...account("field@acme.example"), name: "a\u202eb" }, 422],
    [
      "two addresses",
      `{"email":"field@acme.example","email":"victim@acme.example","name":"x","password":"${PASSWORD}"}`,
      410,
    ],
    ["no JSON", "{", 400],
    ["a list", "[]", 422],
  ])("with %s is refused", async (_what, body, status) => {
    const { token } = await invited("field@acme.example");
    expect((await signUp(token, body)).status).toBe(status);
    expect(await people("field@acme.example")).toEqual([]);
  });

  test("needs our origin and JSON, as every other sign-in does", async () => {
    const { token } = await invited("origin@acme.example");
    expect((await signUp(token, account("origin@acme.example"), { origin: "https://evil.example" })).status).toBe(403);
    expect((await signUp(token, account("origin@acme.example"), { "content-type": "text/plain" })).status).toBe(415);
    expect(await people("origin@acme.example")).toEqual([]);
  });
});
