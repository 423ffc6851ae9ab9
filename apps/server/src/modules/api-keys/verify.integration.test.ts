import { randomBytes } from "node:crypto";
import { generateSecret } from "@latchkey/key-format/secret";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rest, type RestAnswer } from "../../../test/doors.ts";
import { statementsOf, withoutUpkeep } from "../../../test/statement-count.ts";
import { Story, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let story: Story;
let acme: Team;
let key: { id: string; secret: string };

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
  key = await story.key(acme.owner, { permissions: ["analytics:read", "campaigns:launch"] });
});
afterAll(() => server.close());

const verify = (secret: string, query = "", options: { headers?: Record<string, string> } = {}, method = "GET") =>
  rest(server, { key: secret }, method, `/verify${query}`, options);

const passOf = ({ headers }: RestAnswer) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith("x-latchkey-")));

const setSubscription = (team: Team, column: "plan" | "status" | "requests_per_minute", value: string | number) =>
  server.sql(`UPDATE subscription SET ${column} = $2 WHERE team_id = $1`, [team.id, value]);

describe("a key that may", () => {
  test("is answered 204 with whom it acts as, by one SQL statement, and not a byte of body", async () => {
    const { result, statements } = await statementsOf(() => verify(key.secret, "?permission=campaigns:launch"));
    expect([result.status, result.body]).toEqual([204, ""]);
    expect(passOf(result)).toEqual({
      "x-latchkey-user": acme.owner.id,
      "x-latchkey-team": acme.id,
      "x-latchkey-key": key.id,
      "x-latchkey-permissions": "analytics:read campaigns:launch",
      "x-latchkey-plan": "growth",
    });
    expect(result.headers.get("cache-control")).toBe("no-store");
    expect(result.headers.get("ratelimit-policy")).toBe('"key";q=600;w=60');
    expect(withoutUpkeep(statements)).toEqual([expect.stringContaining("FROM api_key k")]);
  });

  test.each(["", "?permission=analytics:read&permission=campaigns:launch", "?permission=analytics%3Aread"])(
    "passes with %j",
    async (query) => {
      expect((await verify(key.secret, query)).status).toBe(204);
    },
  );

  test("passes for gateways that tell about the call they guard, by whatever name they reach us, and for HEAD", async () => {
    const headers = {
      host: "latchkey.internal:3000",
      "x-forwarded-method": "POST",
      "x-forwarded-uri": "/campaigns/7/launch",
      "x-original-url": "https://api.example/campaigns/7/launch",
      origin: "https://shop.example",
    };
    expect((await verify(key.secret, "?permission=campaigns:launch", { headers })).status).toBe(204);
    const head = await verify(key.secret, "?permission=campaigns:launch", {}, "HEAD");
    expect([head.status, head.headers.get("x-latchkey-team")]).toEqual([204, acme.id]);
  });

  test("hands on the plan and the permissions of today, from the next call on", async () => {
    const team = await story.team("Grows");
    const { secret } = await story.key(team.owner, { permissions: ["analytics:read", "billing:read"] });
    await setSubscription(team, "plan", "scale");
    await server.sql("UPDATE member SET role = 'manager' WHERE team_id = $1", [team.id]);
    expect(passOf(await verify(secret))).toMatchObject({
      "x-latchkey-plan": "scale",
      "x-latchkey-permissions": "analytics:read",
    });
  });

  test("is not helped or hurt by headers that say it passed already", async () => {
    const headers = { "x-latchkey-user": "user_forged", "x-latchkey-permissions": "members:read" };
    expect(passOf(await verify(key.secret, "", { headers }))["x-latchkey-user"]).toBe(acme.owner.id);
    expect((await verify(key.secret, "?permission=members:read", { headers })).status).toBe(403);
  });
});

describe("a refusal", () => {
  const problemOf = (answer: RestAnswer) => [answer.status, answer.body.code];

  test("of a missing permission names it, in the body and in a header for gateways that lose bodies", async () => {
    const answer = await verify(key.secret, "?permission=analytics:read&permission=reports:export");
    expect(problemOf(answer)).toEqual([403, "permission_missing"]);
    expect(answer.body.requiredPermission).toBe("reports:export");
    expect(JSON.parse(answer.headers.get("x-latchkey-problem") ?? "")).toEqual(answer.body);
    expect(Object.keys(passOf(answer))).toEqual(["x-latchkey-problem"]);
  });

  test("of an inactive subscription is 402, also for billing:read", async () => {
    const team = await story.team("Left");
    const { secret } = await story.key(team.owner, { permissions: ["billing:read"] });
    await setSubscription(team, "status", "canceled");
    const answer = await verify(secret, "?permission=billing:read");
    expect(problemOf(answer)).toEqual([402, "subscription_inactive"]);
    expect(JSON.parse(answer.headers.get("x-latchkey-problem") ?? "")).toEqual(answer.body);
    expect(answer.headers.get("ratelimit-policy")).toBe('"key";q=600;w=60');
    expect(problemOf(await verify(secret, "?permission=nonsense"))).toEqual([402, "subscription_inactive"]);
  });

  test("of the limit is 429 with when to come back, before the subscription and what is asked", async () => {
    const team = await story.team("Busy");
    const { secret } = await story.key(team.owner);
    await setSubscription(team, "requests_per_minute", 1);
    expect((await verify(secret)).status).toBe(204);
    await setSubscription(team, "status", "canceled");
    const answer = await verify(secret, "?permission=nonsense");
    expect(problemOf(answer)).toEqual([429, "rate_limited"]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(answer.headers.get("x-latchkey-problem")).toContain('"code":"rate_limited"');
  });

  test("of a key that is wrong is 401 with its challenge, and leaves its name to nobody", async () => {
    for (const [secret, code] of [
      ["", "key_missing"],
      ["lk_tooshort", "key_malformed"],
      [generateSecret("lk", randomBytes), "key_invalid"],
    ] as const) {
      const answer = await verify(secret, "?permission=analytics:read");
      expect(problemOf(answer)).toEqual([401, code]);
      expect(answer.headers.get("www-authenticate")).toBe('ApiKey realm="latchkey", header="x-api-key"');
      expect(answer.headers.get("x-latchkey-problem")).toContain(`"code":"${code}"`);
      if (secret !== "") expect(JSON.stringify([...answer.headers])).not.toContain(secret);
    }
  });

  test("of a revoked key is at once", async () => {
    const gone = await story.key(acme.owner);
    expect((await verify(gone.secret)).status).toBe(204);
    await rest(server, { person: acme.owner }, "DELETE", `/api-keys/${gone.id}`);
    expect(problemOf(await verify(gone.secret))).toEqual([401, "key_revoked"]);
  });

  test("of a session is 401: no cookie opens it, and none is looked up", async () => {
    const { result, statements } = await statementsOf(() => rest(server, { person: acme.owner }, "GET", "/verify"));
    expect(problemOf(result)).toEqual([401, "key_missing"]);
    expect(result.headers.has("ratelimit")).toBe(false);
    expect(statements).toEqual([]);
    const nobody = await rest(server, null, "GET", "/verify", { headers: { host: "latchkey.internal" } });
    expect(problemOf(nobody)).toEqual([401, "key_missing"]);
  });

  test.each(["?permission=campaigns:fly", "?permission=", "?permission=analytics:read,billing:read", "?permissions=x"])(
    "of %s is 422 and passes no key: the gateway's settings are wrong, and nothing of it is for the caller",
    async (query) => {
      const answer = await verify(key.secret, query);
      expect(problemOf(answer)).toEqual([422, "invalid_input"]);
      expect(answer.headers.has("x-latchkey-problem")).toBe(false);
    },
  );

  test("of another method is 405", async () => {
    const answer = await verify(key.secret, "", {}, "POST");
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });
});

describe("auth.api.verifyApiKey", () => {
  const ask = (secret: string, permissions?: string[]) =>
    server.services.auth.api.verifyApiKey({
      body: { key: secret, ip: "203.0.113.5", ...(permissions === undefined ? {} : { permissions }) } as never,
    });

  test("says as a value what REST answers", async () => {
    expect(await ask(key.secret, ["campaigns:launch"])).toMatchObject({
      valid: true,
      key: { userId: acme.owner.id, teamId: acme.id, plan: "growth", key: { id: key.id } },
      error: null,
    });
    expect(await ask(key.secret, ["members:read"])).toMatchObject({
      valid: false,
      key: null,
      error: { code: "permission_missing", status: 403, requiredPermission: "members:read" },
    });
    expect(await ask("lk_nope")).toMatchObject({ valid: false, error: { code: "key_malformed", status: 401 } });
  });

  test("takes from the key's limit, and says when to come back", async () => {
    const team = await story.team("Counted");
    const { secret } = await story.key(team.owner);
    await setSubscription(team, "requests_per_minute", 1);
    expect((await ask(secret)).valid).toBe(true);
    expect((await verify(secret)).status).toBe(429);
    const refused = await ask(secret);
    expect(refused.error).toMatchObject({ code: "rate_limited", status: 429 });
    expect(refused.error?.retryAfterSeconds).toBeGreaterThanOrEqual(1);
  });

  test("refuses a permission that does not exist, and no request reaches it", async () => {
    await expect(ask(key.secret, ["campaigns:fly"])).rejects.toThrow("There is no such permission.");
    const { handler } = server.services.auth;
    for (const path of ["/verify-api-key", "/api-key/verify", "/verifyApiKey", "/undefined", "/"]) {
      const request = new Request(`${server.origin}/api/auth${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: server.origin },
        body: JSON.stringify({ key: key.secret, ip: "203.0.113.5" }),
      });
      expect([path, (await handler(request)).status]).toEqual([path, 404]);
    }
  });
});
