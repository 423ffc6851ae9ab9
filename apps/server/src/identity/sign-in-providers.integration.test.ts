import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TestOidcProvider } from "../../test/oidc-provider.ts";
import { ProviderVisit } from "../../test/provider-visit.ts";
import { Story } from "../../test/story.ts";
import { startTestServer, type TestServer } from "../../test/test-server.ts";

const ALL = {
  GOOGLE_CLIENT_ID: "google-client",
  GOOGLE_CLIENT_SECRET: "a",
  GITHUB_CLIENT_ID: "github-client",
  GITHUB_CLIENT_SECRET: "b",
  MICROSOFT_CLIENT_ID: "microsoft-client",
  MICROSOFT_CLIENT_SECRET: "c",
  MICROSOFT_TENANT_ID: "acme.example",
};

const startAt = async (server: TestServer, provider: string) => {
  const response = await new ProviderVisit(server).start({ provider });
  const body = (await response.json()) as { url?: string; code?: string };
  return { status: response.status, ...body };
};

const statusOfCallback = async (server: TestServer, provider: string) =>
  (await server.fetch(`/api/auth/callback/${provider}?code=x&state=y`)).status;

describe("without a provider configured", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  test("none is offered, and no route of theirs is open", async () => {
    const setup = await (await server.fetch("/api/setup")).json();
    expect(setup).toMatchObject({ signInProviders: [] });
    expect(await startAt(server, "google")).toMatchObject({ status: 404, code: "not_found" });
    for (const provider of ["google", "github", "microsoft", "oidc"]) {
      expect(await statusOfCallback(server, provider)).toBe(404);
    }
  });
});

describe("with Google, GitHub and Microsoft configured", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(ALL);
  });
  afterAll(() => server.close());

  test("these are offered, and their way back is open, and no other", async () => {
    const setup = (await (await server.fetch("/api/setup")).json()) as { signInProviders: object };
    expect(setup.signInProviders).toEqual([
      { id: "google", name: "Google" },
      { id: "microsoft", name: "Microsoft" },
      { id: "github", name: "GitHub" },
    ]);
    for (const provider of ["google", "github", "microsoft"])
      expect(await statusOfCallback(server, provider)).toBe(302);
    for (const provider of ["oidc", "apple", "google/", "Google"])
      expect(await statusOfCallback(server, provider)).toBe(404);
    const post = await server.fetch("/api/auth/callback/google", { method: "POST", body: "{}" });
    expect(post.status).toBe(404);
    // Configured is not the same as offered by this server.
    expect(await startAt(server, "oidc")).toMatchObject({ status: 404 });
  });

  test.each([
    ["google", "https://accounts.google.com/o/oauth2/v2/auth", "email profile openid"],
    ["github", "https://github.com/login/oauth/authorize", "read:user user:email"],
    ["microsoft", "https://login.microsoftonline.com/acme.example/oauth2/v2.0/authorize", "openid profile email"],
  ])("%s is asked at its own address, with PKCE and state, for no more than who it is", async (id, address, scope) => {
    const { url = "" } = await startAt(server, id);
    const { origin, pathname, searchParams } = new URL(url);
    const query = Object.fromEntries(searchParams);
    expect(origin + pathname).toBe(address);
    expect(query).toMatchObject({
      client_id: `${id}-client`,
      redirect_uri: `${server.origin}/api/auth/callback/${id}`,
      response_type: "code",
      scope,
      code_challenge_method: "S256",
    });
    expect(query["code_challenge"]).toMatch(/^[\w-]{43}$/);
    expect(query["state"]).toMatch(/^[\w-]{32}$/);
    if (id !== "github") expect(query["nonce"]).toMatch(/^[\w-]{32}$/);
  });
});

describe("a provider that does not answer", () => {
  let provider: TestOidcProvider;
  beforeAll(async () => {
    provider = await TestOidcProvider.start();
  });
  beforeEach(() => {
    provider.lies = {};
  });
  afterAll(() => provider.stop());

  test("keeps nobody from starting the server and signing in with a password, and says so to who wants in by it", async () => {
    provider.lies = { silent: ["/.well-known/openid-configuration"] };
    const server = await startTestServer(provider.settings);
    try {
      const { owner } = await new Story(server).team("Acme Ads");
      expect(owner.cookie).not.toBe("");
      expect(await startAt(server, "oidc")).toMatchObject({ status: 503, code: "provider_unavailable" });
      // It is asked anew once it is back.
      provider.lies = {};
      expect(await startAt(server, "oidc")).toMatchObject({ status: 200 });
    } finally {
      await server.close();
    }
  });

  test.each([
    ["is down", (at: TestOidcProvider) => at.stop()],
    [
      "is another than the one that was configured",
      (at: TestOidcProvider) => (at.lies = { discoveredIssuer: "https://evil.example" }),
    ],
    [
      "has no discovery document",
      (at: TestOidcProvider) => (at.lies = { failing: { "/.well-known/openid-configuration": 404 } }),
    ],
  ])("or %s: nobody is sent there", async (_, misbehave) => {
    const other = await TestOidcProvider.start();
    const server = await startTestServer(other.settings);
    try {
      await misbehave(other);
      expect(await startAt(server, "oidc")).toMatchObject({ status: 503, code: "provider_unavailable" });
    } finally {
      await server.close();
      await other.stop().catch(() => undefined);
    }
  });

  test("when people come back from it, or has gone meanwhile: they are told on the sign-in page, and nothing is written", async () => {
    const server = await startTestServer({ ...provider.settings, SIGN_UP: "open" });
    try {
      provider.person = { sub: "1", email: "ada@acme.example", email_verified: true };
      const visits = [new ProviderVisit(server), new ProviderVisit(server)] as const;
      const [first, second] = [await visits[0].callbackUrl(), await visits[1].callbackUrl()];
      provider.lies = { silent: ["/token"] };
      const refused = { status: 302, location: "/sign-in?error=provider_unavailable", session: "" };
      expect(await visits[0].comeBack(first)).toEqual(refused);
      await provider.stop();
      expect(await visits[1].comeBack(second)).toEqual(refused);
      expect(await server.sql("SELECT id FROM account")).toEqual([]);
    } finally {
      await server.close();
    }
  });
});
