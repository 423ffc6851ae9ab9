import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { me, rest } from "../../../test/doors.ts";
import { statementsOf } from "../../../test/statement-count.ts";
import { Story, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

const PARTNER = "https://partner.example";

let server: TestServer;
let story: Story;
let acme: Team;

beforeAll(async () => {
  server = await startTestServer({ TRUSTED_ORIGINS: PARTNER });
  story = new Story(server);
  acme = await story.team("Acme Ads");
});
afterAll(() => server.close());

const GOOD = { name: "x", permissions: ["analytics:read"] };

describe("a problem", () => {
  test("has the members of RFC 9457, a type that is a page with its anchor, and the id of the header", async () => {
    const answer = await rest(server, null, "GET", "/auth/me");
    expect(answer.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.body).toMatchObject({
      title: expect.any(String),
      status: 401,
      detail: expect.any(String),
      code: "key_missing",
      instance: "/api/v1/auth/me",
    });
    expect(answer.body.requestId).toBe(answer.headers.get("x-request-id"));
    const type = new URL(answer.body.type);
    const page = await server.fetch(type.pathname);
    expect([page.status, (await page.text()).includes(`id="${type.hash.slice(1)}"`)]).toEqual([200, true]);
  });

  test("does not repeat the caller's own request id", async () => {
    const answer = await rest(server, null, "GET", "/auth/me", { headers: { "x-request-id": "mine" } });
    expect(answer.headers.get("x-request-id")).toMatch(/^req_[0-9A-Za-z]{20}$/);
  });
});

describe("routes", () => {
  test("the root says where the documentation is, to anybody", async () => {
    const { body } = await rest(server, null, "GET", "");
    expect(body).toMatchObject({ name: "Latchkey", docs: `${server.origin}/api/v1/docs` });
    for (const [address, type] of [
      [body.docs, "text/html"],
      [body.openapi, "application/json"],
      [body.errors, "text/html"],
    ]) {
      const page = await server.fetch(address);
      expect([page.status, page.headers.get("content-type")]).toEqual([200, expect.stringContaining(type)]);
    }
  });

  test("HEAD is GET without a body", async () => {
    const key = await story.key(acme.owner);
    const answer = await rest(server, { key: key.secret }, "HEAD", "/auth/me");
    expect([answer.status, answer.body]).toEqual([200, ""]);
  });
});

describe("writing with a session", () => {
  test.each([
    ["no origin", undefined],
    ["a foreign origin", "https://evil.example"],
    ["a null origin", "null"],
  ])("needs our origin: %s is 403 and costs no statement", async (_what, origin) => {
    const headers: Record<string, string> = { cookie: acme.owner.cookie, ...(origin === undefined ? {} : { origin }) };
    const { result, statements } = await statementsOf(() =>
      rest(server, null, "POST", "/api-keys", { body: GOOD, headers }),
    );
    expect([result.status, result.body.code]).toEqual([403, "origin_refused"]);
    expect(result.body.detail).toContain(server.origin);
    expect(statements).toEqual([]);
  });

  test("nobody signed in is 401 unauthenticated", async () => {
    const answer = await rest(server, null, "POST", "/api-keys", { body: GOOD, headers: { origin: server.origin } });
    expect([answer.status, answer.body.code]).toEqual([401, "unauthenticated"]);
  });
});

describe("other origins", () => {
  test("one the operator named gets CORS with credentials, and may write", async () => {
    const preflight = await server.fetch("/api/v1/api-keys", {
      method: "OPTIONS",
      headers: {
        origin: PARTNER,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe(PARTNER);
    expect(preflight.headers.get("access-control-allow-credentials")).toBe("true");
    const answer = await rest(server, { person: acme.owner }, "POST", "/api-keys", {
      body: GOOD,
      headers: { origin: PARTNER },
    });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([201, PARTNER]);
  });

  test("any other gets no CORS header", async () => {
    for (const origin of ["https://evil.example", "null", `${PARTNER}.evil.example`]) {
      const preflight = await server.fetch("/api/v1/api-keys", {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST" },
      });
      const read = await rest(server, null, "GET", "", { headers: { origin } });
      for (const { headers } of [preflight, read])
        expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  test("a gateway reaches us with a key under any inner name; a browser does not", async () => {
    const key = await story.key(acme.owner);
    expect(
      (await rest(server, { key: key.secret }, "GET", "/auth/me", { headers: { host: "latchkey.internal:8080" } }))
        .status,
    ).toBe(200);
    expect((await server.fetch("/readyz", { headers: { host: "10.0.0.7" } })).status).toBe(200);
    expect((await server.fetch("/settings/team/api-keys", { headers: { host: "rebound.example" } })).status).toBe(403);
  });
});

describe("ACCEPT_BEARER", () => {
  test("makes Authorization: Bearer the same as x-api-key, and both together malformed", async () => {
    const lenient = await startTestServer({ ACCEPT_BEARER: "true" });
    try {
      const branch = new Story(lenient);
      const { secret } = await branch.key((await branch.team("Lenient")).owner);
      const authorization = `Bearer ${secret}`;
      expect((await rest(lenient, null, "GET", "/auth/me", { headers: { authorization } })).status).toBe(200);
      expect((await rest(lenient, { key: secret }, "GET", "/auth/me", { headers: { authorization } })).body.code).toBe(
        "key_malformed",
      );
      const graphql = await lenient.fetch("/graphql", {
        method: "POST",
        headers: { authorization, "content-type": "application/json", origin: lenient.origin },
        body: "{}",
      });
      expect(JSON.stringify(await graphql.json())).toContain("session_required");
    } finally {
      await lenient.close();
    }
  });
});

describe("billing", () => {
  test("tells the plans, the subscription and what is counted of its limits", async () => {
    const team = await story.team("Starter", "starter");
    const key = await story.key(team.owner, { permissions: ["billing:read"] });
    const read = async (path: string) => (await rest(server, { key: key.secret }, "GET", `/billing/${path}`)).body;
    expect((await read("plans")).data[0]).toEqual({
      name: "starter",
      activeKeysPerTeam: 10,
      activeKeysPerCreator: 5,
      requestsPerMinute: 60,
      adAccounts: 2,
      monthlyAdSpendUsd: 10_000,
    });
    expect(await read("subscription")).toMatchObject({ plan: "starter", status: "trialing", requestsPerMinute: 60 });
    expect(await read("usage")).toEqual({
      activeKeys: { used: 1, limit: 10 },
      ownActiveKeys: { used: 1, limit: 5 },
      requests: { used: expect.any(Number), limit: null },
      adAccounts: { used: null, limit: 2 },
      monthlyAdSpendUsd: { used: null, limit: 10_000 },
    });
    await server.sql("UPDATE subscription SET requests_per_minute = 777 WHERE team_id = $1", [team.id]);
    expect((await read("subscription")).requestsPerMinute).toBe(777);
  });

  test("is for those with billing:read: a viewer's session is refused, naming it", async () => {
    const viewer = await story.member(acme, "viewer");
    const answer = await rest(server, { person: viewer }, "GET", "/billing/usage");
    expect([answer.status, answer.body.requiredPermission]).toEqual([403, "billing:read"]);
    const loner = await story.personWithoutTeam();
    expect((await rest(server, { person: loner }, "GET", "/billing/usage")).body.code).toBe("no_team_selected");
    expect((await rest(server, { person: loner }, "GET", "/auth/me")).body).toMatchObject({
      team: null,
      role: null,
      key: null,
    });
  });
});

test("every answer carries the security headers", async () => {
  const key = await story.key(acme.owner);
  for (const response of [
    await server.fetch("/"),
    await server.fetch("/livez"),
    await server.fetch("/api/v1/nope"),
    { headers: (await me(server, key.secret)).headers },
  ]) {
    expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(response.headers.has("x-powered-by")).toBe(false);
  }
});
