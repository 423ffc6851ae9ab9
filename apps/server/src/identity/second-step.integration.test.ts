import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auth, enroll } from "../../test/authenticator.ts";
import { graphql } from "../../test/doors.ts";
import { TestOidcProvider } from "../../test/oidc-provider.ts";
import { ProviderVisit } from "../../test/provider-visit.ts";
import { Story, type Person } from "../../test/story.ts";
import { startTestServer, type TestServer } from "../../test/test-server.ts";

let provider: TestOidcProvider;
let server: TestServer;
let story: Story;

beforeAll(async () => {
  provider = await TestOidcProvider.start();
  server = await startTestServer(provider.settings);
  story = new Story(server);
});
afterAll(async () => {
  await server.close();
  await provider.stop();
});

const cookiesOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .filter((line) => !/max-age=0/i.test(line))
    .map((line) => line.split(";", 1)[0] ?? "");

/** Comes back from the provider; the cookies that the browser holds then, and where it is sent. */
async function visit(next: string) {
  const started = await new ProviderVisit(server).start({ next });
  const { url } = (await started.json()) as { url: string };
  const agreed = await fetch(url, { redirect: "manual" });
  const callback = new URL(agreed.headers.get("location") ?? "");
  const response = await server.fetch(callback.pathname + callback.search, {
    headers: { cookie: cookiesOf(started).join("; ") },
    ip: "10.8.0.1",
  });
  return { location: response.headers.get("location"), cookies: cookiesOf(response) };
}

async function at(person: Person): Promise<Person> {
  provider.person = { sub: person.id, email: person.email, email_verified: true, name: "Ada" };
  return person;
}

const viewerOf = async (person: Person, cookie: string) =>
  (await graphql(server, { ...person, cookie }, "{ viewer { user { id } } }")).data.viewer?.user.id ?? null;
const sessionsOf = (person: Person) => server.sql("SELECT id FROM session WHERE user_id = $1", [person.id]);

describe("somebody with a second factor who signs in with a provider", () => {
  test("is asked for the code all the same, and then goes where they wanted", async () => {
    const person = await at(await story.personWithoutTeam());
    const app = await enroll(server, person);
    const before = await sessionsOf(person);
    const { location, cookies } = await visit("/settings/team/members?q=a");
    expect(location).toBe("/sign-in?step=second-factor&next=%2Fsettings%2Fteam%2Fmembers%3Fq%3Da");
    // The session that the provider's word had made is gone, whoever kept its cookie.
    expect(await sessionsOf(person)).toEqual(before);
    expect(await viewerOf(person, cookies.join("; "))).toBeNull();

    const challenge = cookies.filter((cookie) => !cookie.includes("session_token")).join("; ");
    const verify = (code: string) =>
      auth(server, "POST", "/two-factor/verify-totp", { cookie: challenge, body: { code } });
    const wrong = app.code() === "000000" ? "000001" : "000000";
    expect((await verify(wrong)).body.code).toBe("INVALID_CODE");
    const done = await verify(app.code());
    expect([done.status, await viewerOf(person, done.cookie)]).toEqual([200, person.id]);
  });

  test("without one goes on at once", async () => {
    const person = await at(await story.personWithoutTeam());
    const { location, cookies } = await visit("/settings/team/members");
    expect(location).not.toContain("second-factor");
    expect(await viewerOf(person, cookies.join("; "))).toBe(person.id);
  });
});
