import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateSecret } from "@latchkey/key-format/secret";
import { graphql, me, rest } from "../../../test/doors.ts";
import { statementsOf } from "../../../test/statement-count.ts";
import { PASSWORD, Story, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let story: Story;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
});
afterAll(() => server.close());

/** With one a minute the second call is refused, however slow the machine is. */
async function teamWith(requestsPerMinute: number): Promise<Team> {
  const team = await story.team("Limited");
  await setOverride(team, requestsPerMinute);
  return team;
}

const setOverride = (team: Team, requestsPerMinute: number | null) =>
  server.sql("UPDATE subscription SET requests_per_minute = $2 WHERE team_id = $1", [team.id, requestsPerMinute]);

const cancel = (team: Team) => server.sql("UPDATE subscription SET status = 'canceled' WHERE team_id = $1", [team.id]);

describe("a key", () => {
  test("is limited by its team's plan, and told so in every answer", async () => {
    const { secret } = await story.key((await story.team("Growth")).owner);
    const answer = await me(server, secret);
    expect(answer.headers.get("ratelimit-policy")).toBe('"key";q=600;w=60');
    expect(answer.headers.get("ratelimit")).toBe('"key";r=599;t=1');
  });

  test("over its limit is answered 429 with when to come back", async () => {
    const { secret } = await story.key((await teamWith(1)).owner);
    expect((await me(server, secret)).status).toBe(200);
    const refused = await me(server, secret);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("content-type")).toContain("application/problem+json");
    expect(refused.body).toMatchObject({ code: "rate_limited", limit: 1, status: 429 });
    const retryAfter = Number(refused.headers.get("retry-after"));
    expect(retryAfter).toBeGreaterThanOrEqual(1);
    expect(retryAfter).toBeLessThanOrEqual(60);
    expect(refused.body.detail).toContain(`in ${retryAfter} second`);
    expect(refused.headers.get("ratelimit")).toMatch(/^"key";r=0;t=\d+$/);
  });

  test("has a bucket of its own beside others of the team, and follows what the backoffice sets at once", async () => {
    const team = await teamWith(1);
    const first = await story.key(team.owner);
    const second = await story.key(team.owner);
    expect((await me(server, first.secret)).status).toBe(200);
    expect((await me(server, second.secret)).status).toBe(200);
    expect((await me(server, first.secret)).status).toBe(429);
    await setOverride(team, null);
    const free = await story.key(team.owner);
    expect((await me(server, free.secret)).headers.get("ratelimit-policy")).toBe('"key";q=600;w=60');
  });

  test("moves its last use with refused calls too", async () => {
    const { id, secret } = await story.key((await teamWith(1)).owner);
    await me(server, secret);
    await rest(server, { key: secret }, "GET", "/auth/me", { ip: "203.0.113.99" });
    await server.activity.flush();
    const [used] = await server.sql("SELECT last_used_ip FROM api_key_last_used WHERE key_id = $1", [id]);
    expect(used).toEqual({ last_used_ip: "203.0.113.99" });
  });

  test("costs one SQL statement with its limit kept in memory", async () => {
    const { secret } = await story.key((await story.team("Counted")).owner);
    const { statements } = await statementsOf(() => rest(server, { key: secret }, "GET", "/api-keys?limit=0"));
    expect(statements).toHaveLength(1);
  });
});

describe("the order of spec §5", () => {
  test("1 before 2: what is malformed is told so, and nobody asks whether it is known", async () => {
    const { secret } = await story.key((await story.team("Order")).owner);
    const { result, statements } = await statementsOf(() => me(server, `${secret}, ${secret}`));
    expect(result.body.code).toBe("key_malformed");
    expect(statements).toEqual([]);
  });

  test("2 before 3: of a key that is not known nobody learns what became of it", async () => {
    const { id, secret } = await story.key((await story.team("Order")).owner);
    await server.sql("UPDATE api_key SET revoked_at = now(), revoked_by_id = created_by_id WHERE id = $1", [id]);
    expect((await me(server, secret)).body.code).toBe("key_revoked");
    const elsewhere = await startTestServer();
    try {
      expect((await me(elsewhere, secret)).body.code).toBe("key_invalid");
    } finally {
      await elsewhere.close();
    }
  });

  test("3 before 4: a revoked key is told so although its bucket is empty, and takes no token", async () => {
    const team = await teamWith(1);
    const key = await story.key(team.owner);
    await me(server, key.secret);
    await rest(server, { person: team.owner }, "DELETE", `/api-keys/${key.id}`);
    const answer = await me(server, key.secret);
    expect([answer.status, answer.body.code]).toEqual([401, "key_revoked"]);
    expect(answer.headers.has("ratelimit")).toBe(false);
  });

  test("4 before 5: an empty bucket is told before the route's kind, the subscription and the permission", async () => {
    const team = await teamWith(1);
    const { secret } = await story.key(team.owner);
    await me(server, secret);
    await cancel(team);
    const session = await rest(server, { key: secret }, "POST", "/api-keys", { body: {} });
    const subscription = await rest(server, { key: secret }, "GET", "/api-keys");
    expect([session.body.code, subscription.body.code]).toEqual(["rate_limited", "rate_limited"]);
  });

  test("5 before 6: a missing permission is told before the route looks at its input", async () => {
    const { secret } = await story.key((await story.team("Order")).owner);
    const answer = await rest(server, { key: secret }, "GET", "/members?limit=0");
    expect([answer.status, answer.body.code]).toEqual([403, "permission_missing"]);
  });
});

describe("the headers of the limit", () => {
  const policyOf = (answer: { headers: Headers }) => answer.headers.get("ratelimit-policy");

  test("stand in 402, 403, 404, 422 and 500 answers", async () => {
    const team = await story.team("Headers");
    const { secret } = await story.key(team.owner, { permissions: ["api_keys:read"] });
    const get = (path: string) => rest(server, { key: secret }, "GET", path);
    const answers = [
      await get("/api-keys/key_00000000000000000000"),
      await get("/api-keys?limit=0"),
      await get("/members"),
      await rest(server, { key: secret }, "POST", "/api-keys", { body: {} }),
    ];
    await server.sql("ALTER TABLE api_key_last_used RENAME TO planted");
    answers.push(await get("/api-keys"));
    await server.sql("ALTER TABLE planted RENAME TO api_key_last_used");
    await cancel(team);
    answers.push(await get("/api-keys"));
    expect(answers.map(({ status }) => status)).toEqual([404, 422, 403, 403, 500, 402]);
    expect(answers.map(policyOf)).toEqual(answers.map(() => '"key";q=600;w=60'));
    expect(answers.at(-1)?.headers.get("ratelimit")).toMatch(/^"key";r=59\d;t=1$/);
  });

  test("stand in a 503 that came after the limit", async () => {
    const team = await story.team("Headers");
    const { secret } = await story.key(team.owner, { permissions: ["api_keys:read"] });
    const locker = new pg.Client({ connectionString: server.databaseUrl });
    await locker.connect();
    try {
      await locker.query("BEGIN; LOCK TABLE api_key_last_used IN ACCESS EXCLUSIVE MODE");
      const answer = await rest(server, { key: secret }, "GET", "/api-keys");
      expect(answer.status).toBe(503);
      expect(policyOf(answer)).toBe('"key";q=600;w=60');
      expect(answer.headers.get("retry-after")).toBe("2");
    } finally {
      await locker.end();
    }
  });

  test("stand in no answer to somebody who is not known", async () => {
    for (const answer of [
      await me(server, generateSecret("lk", randomBytes)),
      await rest(server, null, "GET", "/auth/me"),
      await rest(server, null, "GET", ""),
      await rest(server, null, "GET", "/nothing"),
    ]) {
      expect(answer.headers.has("ratelimit")).toBe(false);
      expect(answer.headers.has("ratelimit-policy")).toBe(false);
    }
  });
});

describe("a session", () => {
  const FIELD = "{ viewer { user { id } } }";

  test("has one bucket for GraphQL and REST", async () => {
    const { owner } = await teamWith(2);
    expect((await graphql(server, owner, FIELD)).status).toBe(200);
    const told = await rest(server, { person: owner }, "GET", "/auth/me");
    expect(told.headers.get("ratelimit-policy")).toBe('"session";q=2;w=60');
    expect(told.headers.get("ratelimit")).toMatch(/^"session";r=0;t=\d+$/);
    expect((await rest(server, { person: owner }, "GET", "/auth/me")).status).toBe(429);
    const refused = await graphql(server, owner, FIELD);
    expect(refused.status).toBe(429);
    expect(refused.data).toBeNull();
    expect(refused.errors).toEqual([
      {
        message: expect.stringContaining("This session may send 2"),
        extensions: expect.objectContaining({ code: "rate_limited", limit: 2 }),
      },
    ]);
  });

  test("over its limit is told by GraphQL when to come back, before anything runs", async () => {
    const { owner } = await teamWith(1);
    await graphql(server, owner, FIELD);
    const response = await server.fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.origin, cookie: owner.cookie },
      body: JSON.stringify({ query: 'mutation { createTeam(input: { name: "Never" }) { __typename } }' }),
    });
    expect(response.status).toBe(429);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(response.headers.get("ratelimit-policy")).toBe('"session";q=1;w=60');
    expect(await server.sql("SELECT 1 FROM team WHERE name = 'Never'")).toEqual([]);
  });

  test("keeps pages, sign-in and health when its bucket is empty, and its keys have their own", async () => {
    const { owner } = await teamWith(1);
    const key = await story.key(owner);
    await graphql(server, owner, FIELD);
    const headers = { cookie: owner.cookie };
    for (const path of ["/", "/api/auth/get-session", "/livez", "/api/setup"]) {
      const answer = await server.fetch(path, { headers });
      expect([path, answer.status, answer.headers.has("ratelimit")]).toEqual([path, 200, false]);
    }
    expect((await me(server, key.secret)).status).toBe(200);
  });

  test("counts by its selected team's plan, and without a team by the smallest", async () => {
    const policyOf = async (person: Parameters<typeof graphql>[1]) => {
      if (person === null) return null;
      return (await rest(server, { person }, "GET", "/auth/me")).headers.get("ratelimit-policy");
    };
    expect(await policyOf(await story.personWithoutTeam())).toBe('"session";q=60;w=60');
    const growth = await story.team("Growth");
    expect(await policyOf(growth.owner)).toBe('"session";q=600;w=60');
    const starter = await story.team("Starter", "starter");
    await server.services.teams.addMember(await story.contextOf(starter.owner), {
      teamId: starter.id,
      userId: growth.owner.id,
      role: "viewer",
    });
    expect(await policyOf(growth.owner)).toBe('"session";q=600;w=60');
    const select = "mutation ($id: ID!) { selectTeam(input: { teamId: $id }) { __typename } }";
    await graphql(server, growth.owner, select, { id: starter.id });
    expect(await policyOf(growth.owner)).toBe('"session";q=60;w=60');
    const admin = await story.superAdmin();
    await graphql(server, admin, select, { id: growth.id });
    expect(await policyOf(admin)).toBe('"session";q=600;w=60');
  });
});

describe("failing keys", () => {
  const failing = (ip: string, headers: Record<string, string> = {}) =>
    rest(server, { key: "lk_not-a-key" }, "GET", "/auth/me", { ip, headers });

  const exhaust = async (ip: string): Promise<void> => {
    for (let call = 0; (await failing(ip)).status !== 429; call += 1) expect(call).toBeLessThan(200);
  };

  test("from one address are answered 429 at last, whatever they claim about it, and a key that verifies never", async () => {
    const { secret } = await story.key((await story.team("Neighbour")).owner);
    await exhaust("203.0.113.10");
    const refused = await failing("203.0.113.10", { "x-forwarded-for": "203.0.113.200" });
    expect([refused.status, refused.body.code, refused.body.limit]).toEqual([429, "rate_limited", 60]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    const unknown = generateSecret("lk", randomBytes);
    expect((await rest(server, { key: unknown }, "GET", "/auth/me", { ip: "203.0.113.10" })).status).toBe(429);
    expect((await rest(server, { key: secret }, "GET", "/auth/me", { ip: "203.0.113.10" })).status).toBe(200);
    expect((await failing("203.0.113.11")).status).toBe(401);
  });

  test("of one IPv6 /64 share a limit, and IPv4 in IPv6 clothes is IPv4", async () => {
    await exhaust("2001:db8:0:1::1");
    expect((await failing("2001:db8:0:1:ffff::2")).status).toBe(429);
    expect((await failing("2001:db8:0:2::1")).status).toBe(401);
    await exhaust("::ffff:203.0.113.12");
    expect((await failing("203.0.113.12")).status).toBe(429);
  });

  test("that are malformed never touch the database, under the limit and over it", async () => {
    const { statements } = await statementsOf(() => exhaust("203.0.113.13"));
    expect(statements).toEqual([]);
  });
});

describe("TRUST_PROXY", () => {
  test("tells one address to last use, sessions and limits alike; without it nobody's word counts", async () => {
    const proxied = await startTestServer({ TRUST_PROXY: "10.0.0.0/8" });
    try {
      const people = new Story(proxied);
      const { owner } = await people.team("Proxied");
      const key = await people.key(owner);
      const from = (socket: string, client: string) => ({ ip: socket, headers: { "x-forwarded-for": client } });
      const lastUse = async () => {
        await proxied.activity.flush();
        const [used] = await proxied.sql<{ ip: string }>(
          "SELECT last_used_ip AS ip FROM api_key_last_used WHERE key_id = $1",
          [key.id],
        );
        return used?.ip;
      };
      await rest(proxied, { key: key.secret }, "GET", "/auth/me", from("10.0.0.7", "::ffff:203.0.113.7"));
      expect(await lastUse()).toBe("203.0.113.7");
      await rest(proxied, { key: key.secret }, "GET", "/auth/me", from("198.51.100.1", "203.0.113.8"));
      expect(await lastUse()).toBe("198.51.100.1");

      const failing = (socket: string, client: string) =>
        rest(proxied, { key: "lk_not-a-key" }, "GET", "/auth/me", from(socket, client));
      for (let call = 0; call < 61; call += 1) await failing("10.0.0.7", "203.0.113.9");
      expect((await failing("10.0.0.8", "203.0.113.9")).status).toBe(429);
      expect((await failing("10.0.0.7", "203.0.113.10")).status).toBe(401);

      const signedIn = await proxied.fetch("/api/auth/sign-in/email", {
        method: "POST",
        headers: {
          "content-type": "application/json",
          origin: proxied.origin,
          "x-forwarded-for": "203.0.113.11",
          "x-latchkey-client-ip": "203.0.113.66",
        },
        body: JSON.stringify({ email: owner.email, password: PASSWORD }),
        ip: "10.0.0.7",
      });
      expect(signedIn.status).toBe(200);
      const sessions = await proxied.sql<{ ip_address: string }>(
        "SELECT ip_address FROM session WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1",
        [owner.id],
      );
      expect(sessions).toEqual([{ ip_address: "203.0.113.11" }]);
    } finally {
      await proxied.close();
    }
  });
});
