import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { graphql } from "../../test/doors.ts";
import { PASSWORD, Story, type Team } from "../../test/story.ts";
import { startTestServer, type TestServer } from "../../test/test-server.ts";

let server: TestServer;
let story: Story;
let acme: Team;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
});
afterAll(() => server.close());

const signIn = (
  email: string,
  password: string,
  options: { headers?: Record<string, string>; ip?: string; to?: TestServer } = {},
) =>
  (options.to ?? server).fetch("/api/auth/sign-in/email", {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.origin, ...options.headers },
    body: JSON.stringify({ email, password }),
    ip: options.ip ?? "198.51.100.1",
  });

describe("Better Auth's routes", () => {
  test("are open only where we said so: every other route of its router is 404, by any method", async () => {
    const routes = Object.values(
      server.services.auth.api as Record<string, { path?: string; options?: { method?: string | string[] } }>,
    ).flatMap(({ path, options }) =>
      path === undefined
        ? []
        : [options?.method ?? "GET"].flat().map((method) => ({ method, path: path.replace(/:\w+/g, "x") })),
    );
    expect(routes.length).toBeGreaterThan(50);
    const open: string[] = [];
    for (const { method, path } of routes) {
      if (method === "*") continue;
      const response = await server.fetch(`/api/auth${path}`, {
        method,
        headers: { "content-type": "application/json", origin: server.origin, cookie: acme.owner.cookie },
        ...(method === "GET" ? {} : { body: "{}" }),
        ip: `192.0.2.${open.length}`,
      });
      if (response.status !== 404) open.push(`${method} ${path}`);
    }
    expect(open.toSorted()).toEqual([
      "GET /get-session",
      "POST /change-password",
      "POST /reset-password",
      "POST /sign-in/email",
      "POST /sign-out",
      "POST /two-factor/disable",
      "POST /two-factor/enable",
      "POST /two-factor/generate-backup-codes",
      "POST /two-factor/verify-backup-code",
      "POST /two-factor/verify-totp",
    ]);
    expect((await graphql(server, acme.owner, "{ viewer { team { name } } }")).data.viewer).toBeNull();
    acme = await story.team("Acme Again");
  });

  test.each([
    "/api/auth/organization/create",
    "/api/auth//organization/create",
    "/api/auth/api-key/create",
    "/api/auth/delete-user",
    "/api/auth/admin/ban-user",
    "/api/auth/sign-up/email",
    "/api/auth/%6frganization/create",
    "/api/auth/sign-in/email/",
  ])("%s is shut", async (path) => {
    const response = await server.fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.origin, cookie: acme.owner.cookie },
      body: "{}",
    });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, "not_found"]);
  });

  test("with SIGN_UP=open people can sign up, and are in no team", async () => {
    const open = await startTestServer({ SIGN_UP: "open" });
    try {
      const response = await open.fetch("/api/auth/sign-up/email", {
        method: "POST",
        headers: { "content-type": "application/json", origin: open.origin },
        body: JSON.stringify({ email: "new@acme.example", name: "New", password: PASSWORD }),
      });
      expect(response.status).toBe(200);
      const signedIn = await signIn("new@acme.example", PASSWORD, { to: open });
      const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
      const { data } = await graphql(
        open,
        { id: "", email: "", memberId: null, cookie },
        "{ viewer { team { id } role permissions } }",
      );
      expect(data.viewer).toEqual({ team: null, role: null, permissions: [] });
    } finally {
      await open.close();
    }
  });
});

describe("signing in", () => {
  test("sets one cookie that scripts cannot read and other sites do not send", async () => {
    const response = await signIn(acme.owner.email, PASSWORD);
    expect(response.status).toBe(200);
    const [cookie = ""] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^latchkey\.session_token=/);
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    expect(cookie).not.toMatch(/; Secure/);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  test("under https the cookie travels encrypted only", async () => {
    const https = await startTestServer({ PUBLIC_URL: "https://latchkey.example" });
    try {
      const owner = await new Story(https).team("Secure").then((team) => team.owner);
      expect(owner.cookie).toMatch(/^__Secure-latchkey\.session_token=/);
      const response = await https.fetch("/livez");
      expect(response.headers.get("strict-transport-security")).toContain("max-age");
    } finally {
      await https.close();
    }
  });

  test("with a wrong password, or as nobody, is the same answer", async () => {
    const wrong = await signIn(acme.owner.email, "not the password");
    const nobody = await signIn("nobody@acme.example", "not the password");
    expect([wrong.status, await wrong.json()]).toEqual([nobody.status, await nobody.json()]);
    expect(wrong.status).toBe(401);
  });

  test("needs our origin and JSON", async () => {
    for (const headers of [{ origin: "https://evil.example" }, { origin: "null" }, { "content-type": "text/plain" }]) {
      const response = await signIn(acme.owner.email, PASSWORD, { headers });
      expect([403, 415]).toContain(response.status);
      expect(response.headers.getSetCookie()).toEqual([]);
    }
  });

  test("is limited by the socket's address, whatever X-Forwarded-For says", async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 15; attempt += 1) {
      const forged = {
        "x-forwarded-for": `203.0.113.${attempt}`,
        "x-real-ip": `203.0.113.${attempt}`,
        "x-latchkey-client-ip": `203.0.113.${attempt}`,
      };
      statuses.push(
        (await signIn(acme.owner.email, "wrong password", { headers: forged, ip: "198.51.100.77" })).status,
      );
    }
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(5);
    expect((await signIn(acme.owner.email, PASSWORD, { ip: "198.51.100.78" })).status).toBe(200);
  });

  test("starts in the team that was selected last, else in the oldest membership", async () => {
    const first = await story.team("First");
    const second = await story.team("Second");
    await server.services.teams.addMember(await story.contextOf(second.owner), {
      teamId: second.id,
      userId: first.owner.id,
      role: "viewer",
    });
    const read = async () => {
      const cookie =
        (await signIn(first.owner.email, PASSWORD, { ip: "198.51.100.90" })).headers.getSetCookie()[0]?.split(";")[0] ??
        "";
      return {
        cookie,
        team: (await graphql(server, { ...first.owner, cookie }, "{ viewer { team { id } } }")).data.viewer.team.id,
      };
    };
    expect((await read()).team).toBe(first.id);
    await graphql(server, first.owner, "mutation ($id: ID!) { selectTeam(input: { teamId: $id }) { __typename } }", {
      id: second.id,
    });
    expect((await read()).team).toBe(second.id);
    await server.sql("DELETE FROM member WHERE team_id = $1 AND user_id = $2", [second.id, first.owner.id]);
    expect((await read()).team).toBe(first.id);
  });

  test("is refused to the banned, and their open sessions end at once", async () => {
    const member = await story.member(acme, "viewer");
    await server.sql(`UPDATE "user" SET banned_at = now() WHERE id = $1`, [member.id]);
    expect((await graphql(server, member, "{ viewer { role } }")).data.viewer).toBeNull();
    const response = await signIn(member.email, PASSWORD, { ip: "198.51.100.91" });
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(response.status).not.toBe(200);
  });
});

describe("a session", () => {
  test("ends with the sign-out, in every tab", async () => {
    const member = await story.member(acme, "viewer");
    const response = await server.fetch("/api/auth/sign-out", {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.origin, cookie: member.cookie },
      body: "{}",
    });
    expect(response.status).toBe(200);
    expect((await graphql(server, member, "{ viewer { role } }")).data.viewer).toBeNull();
    expect((await graphql(server, member, "{ apiKeys { totalCount } }")).errors[0]?.extensions.code).toBe(
      "unauthenticated",
    );
  });

  test("that has expired, or was tampered with, is nobody's", async () => {
    const member = await story.member(acme, "viewer");
    const tampered = {
      ...member,
      cookie: member.cookie.replace(/=(.)/, (_all, first: string) => `=${first === "a" ? "b" : "a"}`),
    };
    expect((await graphql(server, tampered, "{ viewer { role } }")).data.viewer).toBeNull();
    await server.sql("UPDATE session SET expires_at = now() - interval '1 second' WHERE user_id = $1", [member.id]);
    expect((await graphql(server, member, "{ viewer { role } }")).data.viewer).toBeNull();
  });

  test("sees its role as it is now, and nothing of a team it was removed from", async () => {
    const member = await story.member(acme, "admin");
    await server.sql("UPDATE member SET role = 'viewer' WHERE id = $1", [member.memberId]);
    expect((await graphql(server, member, "{ viewer { role } }")).data.viewer.role).toBe("VIEWER");
    await server.sql("DELETE FROM member WHERE id = $1", [member.memberId]);
    expect(
      (await graphql(server, member, "{ viewer { role team { id } teams { id } permissions } }")).data.viewer,
    ).toEqual({ role: null, team: null, teams: [], permissions: [] });
    expect(
      (await graphql(server, member, "query ($id: ID!) { apiKeys(teamId: $id) { totalCount } }", { id: acme.id }))
        .errors[0]?.extensions.code,
    ).toBe("not_found");
    expect((await graphql(server, member, "{ apiKeys { totalCount } }")).errors[0]?.extensions.code).toBe(
      "no_team_selected",
    );
  });

  test("of a super_admin reaches any team that exists", async () => {
    const root = await story.superAdmin();
    const ask = (id: string) =>
      graphql(
        server,
        root,
        "query ($id: ID!) { viewer(teamId: $id) { role team { id } } apiKeys(teamId: $id) { totalCount } }",
        { id },
      );
    expect((await ask(acme.id)).data.viewer).toEqual({ role: "SUPER_ADMIN", team: { id: acme.id } });
    expect((await ask("team_00000000000000000000")).errors[0]?.extensions.code).toBe("not_found");
  });
});
