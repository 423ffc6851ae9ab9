import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { auth, enroll, signIn } from "../../../test/authenticator.ts";
import { graphql } from "../../../test/doors.ts";
import { PASSWORD, Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let story: Story;
let acme: Team;
let person: Person;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
});
afterAll(() => server.close());

beforeEach(async () => {
  person = await story.member(acme, "manager");
});

const isSignedIn = async (cookie: string) =>
  (await graphql(server, { ...person, cookie }, "{ viewer { user { id } } }")).data.viewer !== null;
const sessionsOf = async (cookie: string) => (await auth(server, "GET", "/account/sessions", { cookie })).body.sessions;
const end = (cookie: string, sessionId: unknown) =>
  auth(server, "POST", "/account/end-session", { cookie, body: { sessionId } });

describe("one's sessions", () => {
  test("are listed without their tokens, with the one that asks marked", async () => {
    const other = await signIn(server, person);
    const sessions = await sessionsOf(person.cookie);
    expect(sessions).toHaveLength(2);
    expect(sessions.filter(({ isCurrent }: { isCurrent: boolean }) => isCurrent)).toHaveLength(1);
    expect(Object.keys(sessions[0]).toSorted()).toEqual([
      "id",
      "ip",
      "isCurrent",
      "lastSeenAt",
      "signedInAt",
      "userAgent",
    ]);
    const tokens = await server.sql<{ token: string }>("SELECT token FROM session WHERE user_id = $1", [person.id]);
    for (const { token } of tokens) expect(JSON.stringify(sessions)).not.toContain(token);
    expect(await isSignedIn(other.cookie)).toBe(true);
  });

  test("end at once, one by one", async () => {
    const other = await signIn(server, person);
    const [theirs] = (await sessionsOf(other.cookie)).filter(({ isCurrent }: { isCurrent: boolean }) => isCurrent);
    expect((await end(person.cookie, theirs.id)).body).toEqual({ ended: 1 });
    expect(await isSignedIn(other.cookie)).toBe(false);
    expect(await isSignedIn(person.cookie)).toBe(true);
    expect((await end(person.cookie, theirs.id)).body.code).toBe("not_found");
    const events = await server.sql(
      "SELECT target_id FROM audit_event WHERE action = 'session.ended' AND actor_id = $1",
      [person.id],
    );
    expect(events).toEqual([{ target_id: theirs.id }]);
  });

  test("of somebody else are not there", async () => {
    const stranger = await story.personWithoutTeam();
    const [theirs] = await sessionsOf(stranger.cookie);
    const foreign = await end(person.cookie, theirs.id);
    const unknown = await end(person.cookie, "session_0000000000000000000z");
    expect([foreign.status, foreign.body.detail]).toEqual([unknown.status, unknown.body.detail]);
    expect(foreign.status).toBe(404);
    expect(await isSignedIn(stranger.cookie)).toBe(true);
  });

  test("end together, all but the one that asks", async () => {
    const others = [await signIn(server, person), await signIn(server, person)];
    const stranger = await story.personWithoutTeam();
    expect((await auth(server, "POST", "/account/end-other-sessions", { cookie: person.cookie })).body).toEqual({
      ended: 2,
    });
    for (const { cookie } of others) expect(await isSignedIn(cookie)).toBe(false);
    expect(await isSignedIn(person.cookie)).toBe(true);
    expect(await isSignedIn(stranger.cookie)).toBe(true);
  });

  test.each(["", "not an id!", 7, null, { $ne: "" }])("an id such as %j is refused", async (id) => {
    expect((await end(person.cookie, id)).status).toBe(422);
  });

  test.each([
    ["GET", "/account"],
    ["GET", "/account/sessions"],
    ["POST", "/account/end-session"],
    ["POST", "/account/end-other-sessions"],
    ["POST", "/change-password"],
    ["POST", "/two-factor/enable"],
    ["POST", "/two-factor/disable"],
    ["POST", "/two-factor/generate-backup-codes"],
  ] as const)("%s %s is nobody's without a session, and no key's", async (method, path) => {
    expect((await auth(server, method, path)).body.code).toBe("unauthenticated");
    const { secret } = await story.key(acme.owner);
    const response = await server.fetch(`/api/auth${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        origin: server.origin,
        "x-api-key": secret,
        cookie: person.cookie,
      },
      ...(method === "GET" ? {} : { body: "{}" }),
    });
    expect(((await response.json()) as { code: string }).code).toBe("session_required");
  });

  test("a banned person has none", async () => {
    await server.sql(`UPDATE "user" SET banned_at = now() WHERE id = $1`, [person.id]);
    const body = { currentPassword: PASSWORD, newPassword: "another long one" };
    expect((await auth(server, "POST", "/change-password", { cookie: person.cookie, body })).body.code).toBe(
      "unauthenticated",
    );
  });
});

describe("changing the password", () => {
  const change = (cookie: string, body: object) => auth(server, "POST", "/change-password", { cookie, body });
  const NEW = "a brand new password";

  test("needs the current one, and ends every other session, whatever the caller asks for", async () => {
    const other = await signIn(server, person);
    expect((await change(person.cookie, { currentPassword: "wrong password", newPassword: NEW })).body.code).toBe(
      "INVALID_PASSWORD",
    );
    expect((await change(person.cookie, { currentPassword: PASSWORD, newPassword: "short" })).status).toBe(422);
    const sneaky = { currentPassword: PASSWORD, newPassword: NEW, revokeOtherSessions: false };
    expect((await change(person.cookie, sneaky)).status).toBe(422);
    const changed = await change(person.cookie, { currentPassword: PASSWORD, newPassword: NEW });
    expect(changed.status).toBe(200);
    expect(await isSignedIn(other.cookie)).toBe(false);
    expect(await isSignedIn(person.cookie)).toBe(false);
    expect(await isSignedIn(changed.cookie)).toBe(true);
    expect((await signIn(server, person)).status).toBe(401);
    expect((await signIn(server, person, NEW)).status).toBe(200);
  });

  test("keeps the second factor passed where it was", async () => {
    const { cookie } = await enroll(server, person);
    const changed = await change(cookie, { currentPassword: PASSWORD, newPassword: NEW });
    expect(await isSignedIn(changed.cookie)).toBe(true);
  });
});
