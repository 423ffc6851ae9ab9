import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateSecret } from "@latchkey/key-format/secret";
import { randomBytes } from "node:crypto";
import { graphql, me, rest } from "../../../test/doors.ts";
import { Story, type Team } from "../../../test/story.ts";
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

const callsOf = async (column: "key_id" | "user_id" | "request_id", id: string) => {
  await server.activity.flush();
  return server.sql(
    `SELECT team_id, user_id, key_id, method, operation, status, code, required_permission, ip, calls FROM activity
      WHERE ${column} = $1 ORDER BY at, request_id`,
    [id],
  );
};
const hoursOf = (subject: string, teamId = acme.id) =>
  server.sql(
    "SELECT code, sum(calls)::int AS calls FROM activity_hour WHERE team_id = $1 AND subject = $2 GROUP BY code ORDER BY code",
    [teamId, subject],
  );

describe("a call of a key", () => {
  test("is recorded with who, what, from where, how long and how it ended, under the id that its answer has", async () => {
    const key = await story.key(acme.owner);
    const answer = await rest(server, { key: key.secret }, "GET", "/auth/me", { ip: "203.0.113.7" });
    await server.activity.flush();
    const [call] = await server.sql("SELECT * FROM activity WHERE request_id = $1", [
      answer.headers.get("x-request-id"),
    ]);
    expect(call).toEqual({
      at: expect.any(Date),
      request_id: expect.stringMatching(/^req_/),
      team_id: acme.id,
      user_id: acme.owner.id,
      key_id: key.id,
      method: "GET",
      operation: "/api/v1/auth/me",
      status: 200,
      code: null,
      required_permission: null,
      duration_us: expect.any(Number),
      ip: "203.0.113.7",
      calls: 1,
      counted: 1,
    });
  });

  test("is recorded by the template of its route, with the code of its refusal", async () => {
    const key = await story.key(acme.owner, { permissions: ["api_keys:read"] });
    await rest(server, { key: key.secret }, "GET", "/api-keys/key_00000000000000000000");
    await rest(server, { key: key.secret }, "GET", "/members");
    await rest(server, { key: key.secret }, "GET", "/api-keys?limit=0");
    expect(await callsOf("key_id", key.id)).toMatchObject([
      { operation: "/api/v1/api-keys/{id}", status: 404, code: "not_found" },
      { operation: "/api/v1/members", status: 403, code: "permission_missing" },
      { operation: "/api/v1/api-keys", status: 422, code: "invalid_input" },
    ]);
    expect(await hoursOf(key.id)).toEqual([
      { code: "invalid_input", calls: 1 },
      { code: "not_found", calls: 1 },
      { code: "permission_missing", calls: 1 },
    ]);
  });

  test("that lacks a permission is recorded with which one, also where the caller of /verify named it", async () => {
    const key = await story.key(acme.owner, { permissions: ["api_keys:read"] });
    await rest(server, { key: key.secret }, "GET", "/members");
    await rest(server, { key: key.secret }, "GET", "/verify?permission=api_keys:read&permission=campaigns:launch");
    const body = { key: key.secret, permissions: ["reports:read" as const], ip: "203.0.113.7" };
    await server.services.auth.api.verifyApiKey({ body });
    expect((await callsOf("key_id", key.id)).map(({ required_permission: needed }) => needed)).toEqual([
      "members:read",
      "campaigns:launch",
      "reports:read",
    ]);
    const viewer = await story.member(acme, "viewer");
    await graphql(server, viewer, "query Look { members { nodes { id } } }");
    expect(await callsOf("user_id", viewer.id)).toMatchObject([
      { operation: "Look", required_permission: "members:read" },
    ]);
  });

  test.each(["key_revoked", "key_expired", "key_owner_inactive"])(
    "that is %s is recorded, and moves no last use",
    async (code) => {
      const admin = await story.member(acme, "admin");
      const key = await (code === "key_expired"
        ? story.keyOf(admin, 3, { expiresInDays: 1 })
        : story.key(admin, { permissions: ["analytics:read"] }));
      if (code === "key_revoked")
        await server.services.apiKeys.revoke(await story.contextOf(acme.owner), { id: key.id });
      if (code === "key_owner_inactive") await server.sql("DELETE FROM member WHERE id = $1", [admin.memberId]);
      expect((await me(server, key.secret)).body.code).toBe(code);
      expect(await callsOf("key_id", key.id)).toMatchObject([{ status: 401, code, user_id: admin.id }]);
      const [used] = await server.sql("SELECT last_used_at AS at FROM api_key_last_used WHERE key_id = $1", [key.id]);
      expect(used?.["at"] ?? null).toBeNull();
    },
  );

  test("beyond its limit is counted in one row for each second", async () => {
    const team = await story.team("Slow");
    await server.sql("UPDATE subscription SET requests_per_minute = 1 WHERE team_id = $1", [team.id]);
    const key = await story.key(team.owner);
    const statuses: number[] = [];
    for (let call = 0; call < 25; call += 1) {
      statuses.push((await me(server, key.secret)).status);
      // Also those that come when the row of their second was stored already.
      if (call % 10 === 5) await server.activity.flush();
    }
    expect(statuses).toEqual([200, ...Array.from({ length: 24 }, () => 429)]);
    const rows = await callsOf("key_id", key.id);
    expect(rows.reduce((sum, { calls }) => sum + Number(calls), 0)).toBe(25);
    const [seconds] = await server.sql<{ seconds: number; rows: number }>(
      "SELECT count(DISTINCT date_trunc('second', at))::int AS seconds, count(*)::int AS rows FROM activity WHERE key_id = $1 AND status = 429",
      [key.id],
    );
    expect(seconds?.rows).toBe(seconds?.seconds);
    expect(await hoursOf(key.id, team.id)).toEqual([
      { code: "", calls: 1 },
      { code: "rate_limited", calls: 24 },
    ]);
  });

  test("by code beside the server is recorded as well", async () => {
    const key = await story.key(acme.owner, { permissions: ["analytics:read"] });
    const ask = (permissions: ("analytics:read" | "reports:read")[]) =>
      server.services.auth.api.verifyApiKey({ body: { key: key.secret, permissions, ip: "203.0.113.5" } });
    await ask(["analytics:read"]);
    await ask(["reports:read"]);
    expect(await callsOf("key_id", key.id)).toMatchObject([
      { method: "CALL", operation: "auth.api.verifyApiKey", status: 200, code: null, ip: "203.0.113.5" },
      { status: 403, code: "permission_missing" },
    ]);
  });

  test("that nobody can be found for is only counted", async () => {
    const before = server.activity.report().unmatched.get("key_invalid") ?? 0;
    const secret = generateSecret("lk", (count) => randomBytes(count));
    const answer = await rest(server, { key: secret }, "GET", "/auth/me");
    expect(await callsOf("request_id", answer.headers.get("x-request-id") ?? "")).toEqual([]);
    expect(server.activity.report().unmatched.get("key_invalid")).toBe(before + 1);
  });
});

describe("a call of a session", () => {
  test("to GraphQL is recorded by its name, else by its fields, with the code of its first error", async () => {
    const { owner } = await story.team("Globex");
    await graphql(server, owner, "query FirstLook { viewer { role } plans { name } }");
    await graphql(server, owner, "{ viewer { role } plans { name } }");
    await graphql(server, owner, "query Wrong { nothing }");
    await graphql(server, owner, "{ teams { nodes { id } } }");
    expect(await callsOf("user_id", owner.id)).toMatchObject([
      { method: "POST", operation: "FirstLook", status: 200, code: null, key_id: null },
      { operation: "viewer, plans", status: 200, code: null },
      { operation: "/graphql", code: "invalid_input" },
      { operation: "teams", status: 200, code: "permission_missing" },
    ]);
  });

  test("is recorded in the team that it names, if that is theirs, else in the selected one", async () => {
    const { id, owner } = await story.team("First");
    const [other, foreign] = [await story.team("Second"), await story.team("Third")];
    const context = await story.contextOf(other.owner);
    await server.services.teams.addMember(context, { teamId: other.id, userId: owner.id, role: "admin" });
    const query = "query Keys($teamId: ID) { apiKeys(teamId: $teamId) { totalCount } }";
    for (const teamId of [other.id, foreign.id, null]) await graphql(server, owner, query, { teamId });
    await graphql(server, owner, `{ usage(teamId: "${other.id}") { requests { used } } }`);
    const calls = await callsOf("user_id", owner.id);
    expect(calls.map(({ team_id }) => team_id)).toEqual([other.id, id, id, other.id]);
    expect(await hoursOf("sessions", other.id)).toEqual([{ code: "", calls: 2 }]);
  });

  test("to REST is recorded; sign-in, pages and health are not", async () => {
    const { owner } = await story.team("Initech");
    await rest(server, { person: owner }, "GET", "/auth/me");
    for (const path of ["/api/auth/get-session", "/settings/team/api-keys", "/livez", "/api/v1/docs"])
      await server.fetch(path, { headers: { cookie: owner.cookie } });
    expect(await callsOf("user_id", owner.id)).toMatchObject([{ method: "GET", operation: "/api/v1/auth/me" }]);
  });
});

test("the team's use counts the calls of its keys, in both doors", async () => {
  const team = await story.team("Counted");
  const key = await story.key(team.owner, { permissions: ["billing:read"] });
  for (const path of ["/auth/me", "/members", "/billing/plans"]) await rest(server, { key: key.secret }, "GET", path);
  await server.activity.flush();
  expect((await rest(server, { person: team.owner }, "GET", "/billing/usage")).body.requests).toEqual({
    used: 3,
    limit: null,
  });
  const { data } = await graphql(server, team.owner, "{ usage { requests { used limit } } }");
  expect(data.usage.requests).toEqual({ used: 3, limit: null });
});
