import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateSecret } from "@latchkey/key-format/secret";
import { answeredCall, callRow } from "../../../../test/calls.ts";
import { me, rest } from "../../../../test/doors.ts";
import { statementsOf } from "../../../../test/statement-count.ts";
import { Story, type Team } from "../../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../../test/test-server.ts";

let server: TestServer;
let story: Story;
let acme: Team;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
});
afterAll(() => server.close());

describe("a key that works", () => {
  test("answers /auth/me with its owner, team, role and what it may do", async () => {
    const key = await story.key(acme.owner, { permissions: ["reports:read", "analytics:read"], name: "BI" });
    const answer = await me(server, key.secret);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      user: { id: acme.owner.id, name: "Acme Ads" },
      team: { id: acme.id, name: "Acme Ads", slug: expect.any(String) },
      role: "owner",
      key: {
        id: key.id,
        name: "BI",
        prefix: key.secret.slice(0, 7),
        effectivePermissions: ["analytics:read", "reports:read"],
        expiresAt: null,
      },
    });
  });

  test("is verified by exactly one SQL statement, and then by none as long as it is in memory", async () => {
    const key = await story.key(acme.owner);
    const verify = async () => (await statementsOf(() => server.services.verifyApiKey(key.secret))).statements;
    expect(await verify()).toHaveLength(1);
    expect(await verify()).toHaveLength(server.config.coherence === "on" ? 0 : 1);
  });

  test("asked for at the same moment as others, shares a statement and gets its own answer", async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => story.key(acme.owner)));
    await rest(server, { person: acme.owner }, "DELETE", `/api-keys/${keys[3]?.id}`);
    const secrets = [...keys.map(({ secret }) => secret), generateSecret("lk", randomBytes)];
    const { result, statements } = await statementsOf(() =>
      Promise.all(secrets.map((secret) => server.services.verifyApiKey(secret))),
    );
    expect(statements).toHaveLength(1);
    expect(result.map((one) => (one.kind === "accepted" ? one.actor.key.id : one.kind))).toEqual([
      ...keys.slice(0, 3).map(({ id }) => id),
      "refused",
      keys[4]?.id,
      "unknown",
    ]);
  });

  test("is never answered from a statement that was sent before the call arrived", async () => {
    const key = await story.key(acme.owner);
    const verify = () => server.services.verifyApiKey(key.secret);
    const { statements } = await statementsOf(async () => {
      const first = verify();
      // Sent at the end of this turn of the event loop, and answered in a later one.
      await new Promise((resolve) => setImmediate(resolve));
      const second = verify();
      expect(await Promise.all([first, second])).toMatchObject([{ kind: "accepted" }, { kind: "accepted" }]);
    });
    expect(statements).toHaveLength(2);
  });

  test("is judged by the key alone, whoever's cookie stands beside it", async () => {
    const globex = await story.team("Globex Media");
    const key = await story.key(acme.owner);
    const answer = await rest(server, { key: key.secret }, "GET", "/auth/me", {
      headers: { cookie: globex.owner.cookie },
    });
    expect(answer.body.team.id).toBe(acme.id);
    const revoked = await rest(server, { key: `${key.secret.slice(0, -1)}~` }, "GET", "/auth/me", {
      headers: { cookie: globex.owner.cookie },
    });
    expect(revoked.status).toBe(401);
  });
});

describe("a key that cannot be one", () => {
  const cases: [string, (secret: string) => string, RegExp][] = [
    ["a character is missing", (secret) => secret.slice(0, -1), /1 character is missing/],
    ["a character is mistyped", (secret) => secret.replace(/.$/, (last) => (last === "a" ? "b" : "a")), /mistyped/],
    ["a space is inside", (secret) => `${secret.slice(0, 10)} ${secret.slice(10)}`, /space inside/],
    ["two keys are joined", (secret) => `${secret}, ${secret}`, /more than one key/],
    ["it is quoted", (secret) => `"${secret}"`, /quotes/],
    ["it has no brand", (secret) => secret.slice(3), /underscore/],
    ["it is far too long", (secret) => secret + "a".repeat(10_000), /too long/],
  ];
  test.each(cases)("is 401 key_malformed and costs no statement when %s", async (_name, damage, detail) => {
    const { secret } = await story.key(acme.owner);
    const { result, statements } = await statementsOf(() => me(server, damage(secret)));
    expect(result.status).toBe(401);
    expect(result.body).toMatchObject({
      code: "key_malformed",
      title: "Malformed API key",
      instance: "/api/v1/auth/me",
    });
    expect(result.body.detail).toMatch(detail);
    expect(result.headers.get("www-authenticate")).toBe('ApiKey realm="latchkey", header="x-api-key"');
    expect(JSON.stringify(result.body)).not.toContain(secret.slice(8, 20));
    expect(statements).toEqual([]);
  });

  test("is 401 key_missing when there is none", async () => {
    expect((await rest(server, null, "GET", "/auth/me")).body.code).toBe("key_missing");
    expect((await rest(server, { key: "" }, "GET", "/auth/me")).body.code).toBe("key_missing");
  });

  test("is never taken from the query string", async () => {
    const { secret } = await story.key(acme.owner);
    const answer = await rest(server, null, "GET", `/auth/me?api_key=${secret}&x-api-key=${secret}`);
    expect(answer.body.code).toBe("key_missing");
    expect(server.logLines.join("")).not.toContain(secret);
  });
});

describe("a well-formed key", () => {
  test("that was never handed out is 401 key_invalid", async () => {
    const answer = await me(server, generateSecret("lk", randomBytes));
    expect([answer.status, answer.body.code]).toEqual([401, "key_invalid"]);
  });

  test("as Authorization: Bearer is 401 wrong_header, which names the right one", async () => {
    const { secret } = await story.key(acme.owner);
    const answer = await rest(server, null, "GET", "/auth/me", { headers: { authorization: `Bearer ${secret}` } });
    expect([answer.status, answer.body.code]).toEqual([401, "wrong_header"]);
    expect(answer.body.detail).toContain("x-api-key");
  });

  test("of any brand is found by its hash", async () => {
    const branded = await startTestServer({ API_KEY_BRAND: "acme" });
    try {
      const branch = new Story(branded);
      const { secret } = await branch.key((await branch.team("Branded")).owner);
      expect(secret).toMatch(/^acme_/);
      expect((await me(branded, secret)).status).toBe(200);
    } finally {
      await branded.close();
    }
  });
});

describe("a key stops at once", () => {
  test("when it is revoked: 401 key_revoked, and revoking again is the same 204", async () => {
    const key = await story.key(acme.owner);
    expect((await me(server, key.secret)).status).toBe(200);
    for (let time = 0; time < 2; time += 1) {
      expect((await rest(server, { person: acme.owner }, "DELETE", `/api-keys/${key.id}`)).status).toBe(204);
      const answer = await me(server, key.secret);
      expect([answer.status, answer.body.code]).toEqual([401, "key_revoked"]);
    }
  });

  test("when it expires, by the database's clock: 401 key_expired naming the instant", async () => {
    const lastsASecond = await story.keyOf(acme.owner, 1 - 1 / 86_400, { expiresInDays: 1 });
    expect((await me(server, lastsASecond.secret)).status).toBe(200);
    const key = await story.keyOf(acme.owner, 1, { expiresInDays: 1 });
    const answer = await me(server, key.secret);
    expect([answer.status, answer.body.code]).toEqual([401, "key_expired"]);
    expect(answer.body.detail).toMatch(/\d{4}-\d\d-\d\dT/);
  });

  test("when its creator leaves, and joining again does not bring it back", async () => {
    const admin = await story.member(acme, "admin");
    const key = await story.key(admin);
    await server.sql("DELETE FROM member WHERE id = $1", [admin.memberId]);
    expect((await me(server, key.secret)).body.code).toBe("key_owner_inactive");
    await server.services.teams.addMember(await story.contextOf(acme.owner), {
      teamId: acme.id,
      userId: admin.id,
      role: "admin",
    });
    expect((await me(server, key.secret)).body.code).toBe("key_owner_inactive");
  });

  test("when its creator is banned, and works again after the ban", async () => {
    const admin = await story.member(acme, "admin");
    const key = await story.key(admin);
    await server.sql(`UPDATE "user" SET banned_at = now() WHERE id = $1`, [admin.id]);
    expect((await me(server, key.secret)).body.code).toBe("key_owner_inactive");
    await server.sql(`UPDATE "user" SET ban_expires_at = now() - interval '1 second' WHERE id = $1`, [admin.id]);
    expect((await me(server, key.secret)).status).toBe(200);
  });

  test("when the super_admin who made it outside a membership is none any more", async () => {
    const root = await story.superAdmin();
    const key = await story.key(root, { teamId: acme.id });
    expect((await me(server, key.secret)).body.role).toBe("super_admin");
    await server.sql(`UPDATE "user" SET is_super_admin = false WHERE id = $1`, [root.id]);
    expect((await me(server, key.secret)).body.code).toBe("key_owner_inactive");
  });
});

describe("what a key may do is computed from now", () => {
  test("a demotion shrinks it at once, a promotion gives back only what was chosen", async () => {
    const admin = await story.member(acme, "admin");
    const key = await story.key(admin, { permissions: ["billing:read", "analytics:read"] });
    expect((await rest(server, { key: key.secret }, "GET", "/billing/usage")).status).toBe(200);

    await server.sql("UPDATE member SET role = 'viewer' WHERE id = $1", [admin.memberId]);
    const refused = await rest(server, { key: key.secret }, "GET", "/billing/usage");
    expect([refused.status, refused.body.code, refused.body.requiredPermission]).toEqual([
      403,
      "permission_missing",
      "billing:read",
    ]);
    expect((await me(server, key.secret)).body.key.effectivePermissions).toEqual(["analytics:read"]);

    await server.sql("UPDATE member SET role = 'owner' WHERE id = $1", [admin.memberId]);
    expect((await me(server, key.secret)).body.key.effectivePermissions).toEqual(["analytics:read", "billing:read"]);
  });

  test("with nothing left only /auth/me answers: empty never means all", async () => {
    const admin = await story.member(acme, "admin");
    const key = await story.key(admin, { permissions: ["billing:read"] });
    await server.sql("UPDATE member SET role = 'viewer' WHERE id = $1", [admin.memberId]);
    expect((await me(server, key.secret)).body.key.effectivePermissions).toEqual([]);
    for (const path of [
      "/billing/usage",
      "/billing/plans",
      "/billing/subscription",
      "/api-keys",
      `/api-keys/${key.id}`,
    ]) {
      expect((await rest(server, { key: key.secret }, "GET", path)).status).toBe(403);
    }
  });

  test.each(["canceled", "unheard_of"])(
    "with a subscription that is %s: 402, but for /auth/me and billing",
    async (status) => {
      const team = await story.team("Lapsed");
      const key = await story.key(team.owner, { permissions: ["billing:read", "api_keys:read"] });
      await server.sql("UPDATE subscription SET status = $2 WHERE team_id = $1", [team.id, status]);
      const answer = await rest(server, { key: key.secret }, "GET", "/api-keys");
      expect([answer.status, answer.body.code]).toEqual([402, "subscription_inactive"]);
      for (const path of ["/auth/me", "/billing/plans", "/billing/subscription", "/billing/usage"]) {
        expect((await rest(server, { key: key.secret }, "GET", path)).status).toBe(200);
      }
    },
  );

  test("the route's kind is told before the subscription, and the subscription before the permission", async () => {
    const team = await story.team("Order");
    const key = await story.key(team.owner, { permissions: ["analytics:read"] });
    await server.sql("UPDATE subscription SET status = 'canceled' WHERE team_id = $1", [team.id]);
    const creation = await rest(server, { key: key.secret }, "POST", "/api-keys", {
      body: { name: "x", permissions: ["analytics:read"] },
    });
    expect([creation.status, creation.body.code]).toEqual([403, "session_required"]);
    expect((await rest(server, { key: key.secret }, "GET", "/api-keys")).status).toBe(402);
    await server.sql("UPDATE subscription SET status = 'past_due' WHERE team_id = $1", [team.id]);
    expect((await rest(server, { key: key.secret }, "GET", "/api-keys")).status).toBe(403);
  });
});

describe("no key reaches what is for people", () => {
  test("neither GraphQL, nor /api/auth, nor the writing of keys, with every permission a key may hold", async () => {
    const key = await story.key(acme.owner, {
      permissions: ["api_keys:read", "members:read", "billing:read", "audit_log:read"],
    });
    const headers = { "x-api-key": key.secret, "content-type": "application/json", origin: server.origin };
    const query = JSON.stringify({ query: "{ viewer { role } }" });
    const graphqlAnswer = await server.fetch("/graphql", { method: "POST", headers, body: query });
    expect(graphqlAnswer.status).toBe(403);
    expect(await graphqlAnswer.json()).toMatchObject({
      errors: [{ extensions: { code: "session_required" }, message: expect.stringContaining("/api/v1") }],
    });
    for (const [method, path] of [
      ["GET", "/api/auth/get-session"],
      ["POST", "/api/auth/sign-in/email"],
      ["POST", "/api/auth/sign-out"],
    ] as const) {
      const response = await server.fetch(path, { method, headers, ...(method === "GET" ? {} : { body: "{}" }) });
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([403, "session_required"]);
    }
    expect((await rest(server, { key: key.secret }, "DELETE", `/api-keys/${key.id}`)).body.code).toBe(
      "session_required",
    );
    expect((await me(server, key.secret)).status).toBe(200);
  });
});

describe("last use", () => {
  test("moves with every accepted call, with the address, forward only; refused calls are counted apart", async () => {
    const key = await story.key(acme.owner);
    const read = async () => (await rest(server, { person: acme.owner }, "GET", `/api-keys/${key.id}`)).body;
    expect(await read()).toMatchObject({ lastUsed: null, lastUsedIp: null });

    await rest(server, { key: key.secret }, "GET", "/auth/me", { ip: "203.0.113.7" });
    await rest(server, { key: key.secret }, "GET", "/billing/usage", { ip: "203.0.113.8" });
    await server.activity.flush();
    const used = await read();
    expect(used.lastUsedIp).toBe("203.0.113.8");

    const owned = { id: key.id, teamId: acme.id, userId: acme.owner.id };
    await server.activity.store([callRow(owned, { at: Date.parse("2026-01-01T00:00:00Z"), ip: "192.0.2.1" })]);
    expect(await read()).toMatchObject({ lastUsed: used.lastUsed, lastUsedIp: "203.0.113.8" });

    await rest(server, { person: acme.owner }, "DELETE", `/api-keys/${key.id}`);
    for (let call = 0; call < 3; call += 1) await me(server, key.secret);
    await server.activity.flush();
    expect(await read()).toMatchObject({ lastUsed: used.lastUsed });
    const [row] = await server.sql<{ refused: string }>(
      "SELECT refused_since_revocation AS refused FROM api_key_last_used WHERE key_id = $1",
      [key.id],
    );
    expect(row?.refused).toBe("3");
  });

  test("of many keys is one statement, and a flush that fails loses nothing", async () => {
    const keys = await Promise.all([1, 2, 3].map(() => story.key(acme.owner)));
    // In one go with the flush: the server's own flush must not come between.
    const useAll = () => {
      for (const { id } of keys) void server.activity.record(answeredCall({ keyId: id, teamId: acme.id }));
    };
    await server.activity.flush();
    await server.sql("ALTER TABLE api_key_last_used RENAME TO away");
    useAll();
    await expect(server.activity.flush()).rejects.toThrow(/api_key_last_used/);
    await server.sql("ALTER TABLE away RENAME TO api_key_last_used");
    await server.activity.flush();
    const rows = await server.sql("SELECT key_id FROM api_key_last_used WHERE key_id = ANY($1)", [
      keys.map(({ id }) => id),
    ]);
    expect(rows).toHaveLength(3);

    const { statements } = await statementsOf(async () => {
      useAll();
      await server.activity.flush();
    });
    expect(statements).toHaveLength(1);
  });
});
