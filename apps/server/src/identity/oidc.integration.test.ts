import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { graphql } from "../../test/doors.ts";
import { TestOidcProvider, type Lies } from "../../test/oidc-provider.ts";
import { ProviderVisit } from "../../test/provider-visit.ts";
import { Story } from "../../test/story.ts";
import { startTestServer, type TestServer } from "../../test/test-server.ts";

let provider: TestOidcProvider;
let server: TestServer;
let story: Story;

beforeAll(async () => {
  provider = await TestOidcProvider.start();
  server = await startTestServer(provider.settings);
  story = new Story(server);
});
beforeEach(() => {
  provider.lies = {};
});
afterAll(async () => {
  await server.close();
  await provider.stop();
});

let people = 0;

/** Somebody who exists, and is signed in at the provider under the same address. */
async function person(at: Partial<TestOidcProvider["person"]> = {}) {
  people += 1;
  const email = `person-${people}@acme.example`;
  const { id } = await server.services.accounts.create({ email, name: "Ada" });
  provider.person = { sub: `subject-${people}`, email, email_verified: true, name: "Ada", ...at };
  return { id, email };
}

const identitiesOf = (userId: string) =>
  server.sql<Record<string, unknown>>("SELECT * FROM account WHERE user_id = $1 AND provider_id = 'oidc'", [userId]);

const sessionsOf = async (userId: string) =>
  (await server.sql("SELECT id FROM session WHERE user_id = $1", [userId])).length;

const viewerOf = async (cookie: string) =>
  (await graphql(server, { id: "", email: "", memberId: null, cookie }, "{ viewer { user { id email name } } }")).data
    .viewer?.user;

describe("an identity whose address both sides have verified", () => {
  test("signs its person in and shows the page they came for", async () => {
    const ada = await person({ email: "PERSON-1@acme.example" });
    const landing = await new ProviderVisit(server).signIn({ next: "/settings/team/members?q=a b#top" });
    expect(landing).toMatchObject({ status: 302, location: "/settings/team/members?q=a%20b" });
    expect((await viewerOf(landing.session)).id).toBe(ada.id);
  });

  test("leaves no token of the provider behind", async () => {
    const ada = await person();
    await new ProviderVisit(server).signIn();
    await new ProviderVisit(server).signIn();
    const [identity] = await identitiesOf(ada.id);
    expect(identity).toMatchObject({ provider_id: "oidc", account_id: provider.person.sub });
    expect(identity).toMatchObject({ access_token: null, refresh_token: null, id_token: null, scope: null });
    expect(await server.sql("SELECT id FROM verification")).toEqual([]);
  });

  test("stays its person's when the address changes at the provider", async () => {
    const ada = await person();
    await new ProviderVisit(server).signIn();
    provider.person = { ...provider.person, email: "ada.new@acme.example", email_verified: false };
    const { session } = await new ProviderVisit(server).signIn();
    expect(await viewerOf(session)).toMatchObject({ id: ada.id, email: ada.email });
  });
});

describe("the way to the provider", () => {
  test("carries PKCE, state, nonce, the least scopes and our own address to come back to", async () => {
    const response = await new ProviderVisit(server).start();
    const url = new URL(((await response.json()) as { url: string }).url);
    const query = Object.fromEntries(url.searchParams);
    expect(url.origin + url.pathname).toBe(`${provider.issuer}/authorize`);
    expect(query).toMatchObject({
      response_type: "code",
      client_id: TestOidcProvider.client.id,
      redirect_uri: `${server.origin}/api/auth/callback/oidc`,
      scope: "openid email profile",
      code_challenge_method: "S256",
    });
    for (const name of ["code_challenge", "state", "nonce"]) expect(query[name]?.length).toBeGreaterThanOrEqual(32);
    const [cookie = ""] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^latchkey\.oauth_state=.*HttpOnly; SameSite=Lax/);
  });

  test.each(["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "settings"])(
    "never leads from there to %s",
    async (next) => {
      const response = await new ProviderVisit(server).start({ next });
      expect(response.status).toBe(422);
    },
  );

  test("is not opened for another site, for a form, or with more than a provider and a page", async () => {
    const visit = new ProviderVisit(server);
    expect((await visit.start({ headers: { origin: "https://evil.example" } })).status).toBe(403);
    expect((await visit.start({ headers: { "content-type": "text/plain" } })).status).toBe(415);
    expect((await visit.start({ provider: "apple" })).status).toBe(422);
    const response = await server.fetch("/api/auth/sign-in/social", {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.origin },
      body: JSON.stringify({ provider: "oidc", idToken: { token: "x" }, scopes: ["admin"] }),
    });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([422, "invalid_input"]);
  });
});

test("an address that only the userinfo endpoint tells counts as well", async () => {
  const ada = await person();
  provider.lies = { claims: { email: undefined, email_verified: undefined } };
  expect((await viewerOf((await new ProviderVisit(server).signIn()).session)).id).toBe(ada.id);
});

describe("an identity that proves no person", () => {
  test.each([
    ["an address that the provider has not verified", { email_verified: false }, "email_not_verified"],
    ["no word on whether the address is verified", { email_verified: undefined as never }, "email_not_verified"],
    ["no address", { email: undefined as never }, "email_missing"],
    ["no address that is one", { email: "ada" }, "email_missing"],
  ])("%s is refused, and nothing is written", async (_, at, code) => {
    const ada = await person(at);
    const landing = await new ProviderVisit(server).signIn({ next: "/settings/team/members" });
    expect(landing.location).toBe(`/sign-in?error=${code}&next=%2Fsettings%2Fteam%2Fmembers`);
    expect(landing.session).toBe("");
    expect([await identitiesOf(ada.id), await sessionsOf(ada.id)]).toEqual([[], 0]);
  });

  test("an account here that never showed that the address is its own is not joined", async () => {
    const ada = await person();
    await server.sql(`UPDATE "user" SET email_verified = false WHERE id = $1`, [ada.id]);
    const landing = await new ProviderVisit(server).signIn();
    expect(landing).toMatchObject({ location: "/sign-in?error=account_not_verified", session: "" });
    expect(await identitiesOf(ada.id)).toEqual([]);
  });

  test("a second identity with the address of a person who has one there is refused", async () => {
    const ada = await person();
    await new ProviderVisit(server).signIn();
    provider.person = { ...provider.person, sub: "somebody-who-got-the-address-later" };
    const landing = await new ProviderVisit(server).signIn();
    expect(landing).toMatchObject({ location: "/sign-in?error=identity_conflict", session: "" });
    expect(await identitiesOf(ada.id)).toHaveLength(1);
  });

  test("a known identity that now has somebody else's address is refused", async () => {
    const bob = await person();
    const ada = await person();
    await new ProviderVisit(server).signIn();
    provider.person = { ...provider.person, email: bob.email };
    const landing = await new ProviderVisit(server).signIn();
    expect(landing).toMatchObject({ location: "/sign-in?error=identity_conflict", session: "" });
    expect([await sessionsOf(ada.id), await sessionsOf(bob.id)]).toEqual([1, 0]);
  });

  test("does not stand in for the second factor of its person", async () => {
    const ada = await person();
    await server.sql(`UPDATE "user" SET two_factor_enabled = true WHERE id = $1`, [ada.id]);
    const landing = await new ProviderVisit(server).signIn({ next: "/settings/team/members" });
    expect(landing.location).toBe("/sign-in?step=second-factor&next=%2Fsettings%2Fteam%2Fmembers");
    expect([landing.session, await sessionsOf(ada.id)]).toEqual(["", 0]);
  });

  test("the banned stay out, linked or not", async () => {
    const ada = await person();
    await new ProviderVisit(server).signIn();
    const bob = await person();
    await server.sql(`UPDATE "user" SET banned_at = now() WHERE id = ANY($1)`, [[ada.id, bob.id]]);
    expect(await new ProviderVisit(server).signIn()).toMatchObject({
      location: "/sign-in?error=not_allowed",
      session: "",
    });
    expect(await identitiesOf(bob.id)).toEqual([]);
    provider.person = { ...provider.person, sub: `subject-${people - 1}`, email: ada.email };
    expect((await new ProviderVisit(server).signIn()).location).toBe("/sign-in?error=not_allowed");
  });
});

describe("somebody unknown", () => {
  const stranger = () => {
    people += 1;
    const email = `stranger-${people}@acme.example`;
    provider.person = { sub: `stranger-${people}`, email, email_verified: true, name: "Grace\u202e" };
    return email;
  };
  const exists = async (email: string) =>
    (await server.sql(`SELECT id FROM "user" WHERE email = $1`, [email])).length === 1;
  const invite = async (email: string) => {
    const team = await story.team("Acme Ads");
    const { link } = await server.services.invitations.invite(await story.contextOf(team.owner), {
      email,
      role: "viewer",
    });
    return new URL(link).pathname;
  };

  test("needs an invitation, for this very address", async () => {
    const email = stranger();
    const ofAnother = (await invite("other@acme.example")).split("/").at(-1) ?? "";
    for (const start of [{}, { invitation: "made-up" }, { invitation: ofAnother }]) {
      const landing = await new ProviderVisit(server).signIn(start);
      expect(landing).toMatchObject({ location: "/sign-in?error=invitation_needed", session: "" });
    }
    expect(await exists(email)).toBe(false);
  });

  test("comes in with an invitation as a person with a verified address, and can accept it", async () => {
    const email = stranger();
    const next = await invite(email);
    const landing = await new ProviderVisit(server).signIn({ next, invitation: next.split("/").at(-1) ?? "" });
    expect(landing.location).toBe(next);
    // A name that would reorder the text around it is not taken over.
    expect(await viewerOf(landing.session)).toMatchObject({ email, name: email.split("@")[0] });
    expect(await server.sql(`SELECT email_verified, image FROM "user" WHERE email = $1`, [email])).toEqual([
      { email_verified: true, image: null },
    ]);
    const { data } = await graphql(
      server,
      { id: "", email, memberId: null, cookie: landing.session },
      "mutation ($id: ID!) { acceptInvitation(input: { id: $id }) { __typename } }",
      { id: next.split("/").at(-1) },
    );
    expect(data.acceptInvitation.__typename).toBe("AcceptInvitationPayload");
  });

  test("with SIGN_UP=open becomes a person without a team", async () => {
    const open = await startTestServer({ ...provider.settings, SIGN_UP: "open" });
    try {
      stranger();
      const landing = await new ProviderVisit(open).signIn();
      expect(landing.location).toBe("/");
      expect(landing.session).not.toBe("");
    } finally {
      await open.close();
    }
  });
});

describe("a provider that lies is refused, and nothing is written", () => {
  const yesterday = Math.floor(Date.now() / 1000) - 86_400;
  test.each<[string, Lies, string]>([
    ["another nonce", { claims: { nonce: "n".repeat(32) } }, "provider_refused"],
    ["no nonce", { claims: { nonce: undefined } }, "provider_refused"],
    ["another issuer in the token", { claims: { iss: "https://evil.example" } }, "provider_refused"],
    ["another issuer on the way back", { callback: { iss: "https://evil.example" } }, "provider_refused"],
    ["a token for another client", { claims: { aud: "another" } }, "provider_refused"],
    ["an old token", { claims: { iat: yesterday, exp: yesterday + 300 } }, "provider_refused"],
    ["a token without a subject", { claims: { sub: undefined } }, "provider_refused"],
    [
      "another subject at the userinfo endpoint",
      { claims: { email: undefined }, userInfo: { sub: "another" } },
      "provider_refused",
    ],
    ["a foreign signature", { signature: "foreign" }, "provider_refused"],
    ["no signature", { signature: "none" }, "provider_refused"],
    ["no ID token", { withoutIdToken: true }, "provider_refused"],
    ["a code it never gave", { callback: { code: "made-up" } }, "provider_refused"],
    ["no code", { callback: { code: undefined } }, "provider_refused"],
    ["another state", { callback: { state: "s".repeat(32) } }, "expired"],
    ["no state", { callback: { state: undefined } }, "expired"],
    ["that the person said no", { callback: { code: undefined, error: "access_denied" } }, "cancelled"],
    [
      "an error with words for the page",
      { callback: { error: "x", error_description: "Call 555" } },
      "provider_refused",
    ],
    ["that it is busy", { callback: { error: "temporarily_unavailable" } }, "provider_unavailable"],
    ["an error of its own at the exchange", { failing: { "/token": 502 } }, "provider_unavailable"],
  ])("%s", async (_, lies, code) => {
    const ada = await person();
    provider.lies = lies;
    const landing = await new ProviderVisit(server).signIn();
    expect(landing).toEqual({ status: 302, location: `/sign-in?error=${code}`, session: "" });
    expect([await identitiesOf(ada.id), await sessionsOf(ada.id)]).toEqual([[], 0]);
  });
});

describe("the way back", () => {
  test("works once", async () => {
    const ada = await person();
    const visit = new ProviderVisit(server);
    const callback = await visit.callbackUrl();
    expect((await visit.comeBack(callback)).location).toBe("/");
    expect(await visit.comeBack(callback)).toMatchObject({ location: "/sign-in?error=expired", session: "" });
    expect(await sessionsOf(ada.id)).toBe(1);
  });

  test("works only in the browser that started it", async () => {
    const ada = await person();
    const callback = await new ProviderVisit(server).callbackUrl();
    const other = new ProviderVisit(server);
    await other.start();
    for (const visit of [new ProviderVisit(server), other]) {
      expect(await visit.comeBack(callback)).toMatchObject({ location: "/sign-in?error=expired", session: "" });
    }
    expect(await sessionsOf(ada.id)).toBe(0);
  });

  test("ends on the page also when the server fails", async () => {
    await person();
    const visit = new ProviderVisit(server);
    const callback = await visit.callbackUrl();
    await server.sql("ALTER TABLE account RENAME TO account_planted");
    try {
      expect(await visit.comeBack(callback)).toMatchObject({ location: "/sign-in?error=unexpected", session: "" });
    } finally {
      await server.sql("ALTER TABLE account_planted RENAME TO account");
    }
  });
});
