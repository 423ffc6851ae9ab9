import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ERRORS, type ErrorCode } from "@latchkey/types/error-codes";
import { generateSecret } from "@latchkey/key-format/secret";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { me, rest, type RestAnswer } from "../../../test/doors.ts";
import { Story, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

// Each error that REST has, met once: whoever reads nothing but the answer has to know what to do.

let server: TestServer;
let story: Story;
let acme: Team;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
});
afterAll(() => server.close());

const NEW_KEY = { name: "x", permissions: ["analytics:read"] };
const get = (key: string, path: string) => rest(server, { key }, "GET", path);
const create = (team: Team, body: unknown, headers: Record<string, string> = {}) =>
  rest(server, { person: team.owner }, "POST", "/api-keys", { body, headers });
const changed = async (what: string, value: unknown, team: Team) => {
  await server.sql(`UPDATE ${what} = $1 WHERE ${what.startsWith("team ") ? "id" : "team_id"} = $2`, [value, team.id]);
  return team;
};

interface Meeting {
  /** What the detail says, beside naming the problem. */
  readonly tells: RegExp;
  readonly carries?: readonly string[];
  readonly call: () => Promise<RestAnswer>;
}

const MEETINGS: Partial<Record<ErrorCode, Meeting>> = {
  key_missing: { tells: /Send a key in the header x-api-key/, call: () => rest(server, null, "GET", "/auth/me") },
  key_malformed: {
    tells: /1 character is missing/,
    call: async () => me(server, (await story.key(acme.owner)).secret.slice(0, -1)),
  },
  wrong_header: {
    tells: /in the header x-api-key, not as Authorization: Bearer/,
    call: async () => {
      const { secret } = await story.key(acme.owner);
      return rest(server, null, "GET", "/auth/me", { headers: { authorization: `Bearer ${secret}` } });
    },
  },
  key_invalid: {
    tells: /Check that it belongs to this deployment/,
    call: () => me(server, generateSecret("lk", randomBytes)),
  },
  key_revoked: {
    tells: /revoked at 20\d\d-\d\d-\d\dT.*create a new one/,
    call: async () => {
      const { id, secret } = await story.key(acme.owner);
      await rest(server, { person: acme.owner }, "DELETE", `/api-keys/${id}`);
      return me(server, secret);
    },
  },
  key_expired: {
    tells: /expired at 20\d\d-\d\d-\d\dT.*Create a new one/,
    call: async () => me(server, (await story.keyOf(acme.owner, 2, { expiresInDays: 1 })).secret),
  },
  key_owner_inactive: {
    tells: /left the team or is banned. Another admin has to create a new key/,
    call: async () => {
      const admin = await story.member(acme, "admin");
      const { secret } = await story.key(admin);
      await server.sql("DELETE FROM member WHERE id = $1", [admin.memberId]);
      return me(server, secret);
    },
  },
  rate_limited: {
    tells: /1 .* in \d+ seconds?/,
    carries: ["limit"],
    call: async () => {
      const { owner } = await changed("subscription SET requests_per_minute", 1, await story.team("Limited"));
      const { secret } = await story.key(owner);
      await me(server, secret);
      return me(server, secret);
    },
  },
  session_required: {
    tells: /sign in and use the page, or GraphQL/,
    call: async () =>
      rest(server, { key: (await story.key(acme.owner)).secret }, "POST", "/api-keys", { body: NEW_KEY }),
  },
  subscription_inactive: {
    tells: /canceled.*billing page/,
    carries: ["billingUrl"],
    call: async () => {
      const team = await story.team("Lapsed");
      const { secret } = await story.key(team.owner, { permissions: ["api_keys:read"] });
      await changed("subscription SET status", "canceled", team);
      return get(secret, "/api-keys");
    },
  },
  permission_missing: {
    tells: /the permission members:read/,
    carries: ["requiredPermission"],
    call: async () => get((await story.key(acme.owner)).secret, "/members"),
  },
  second_factor_required: {
    tells: /Set one up on \/settings\/account/,
    call: async () => {
      const { owner } = await changed("team SET requires_second_factor", true, await story.team("Careful"));
      return rest(server, { person: owner }, "GET", "/members");
    },
  },
  unauthenticated: {
    tells: /Sign in again/,
    call: () => rest(server, null, "POST", "/api-keys", { body: NEW_KEY, headers: { origin: server.origin } }),
  },
  origin_refused: {
    tells: /https:\/\/evil\.example.*Send "Origin: http/,
    call: () => create(acme, NEW_KEY, { origin: "https://evil.example" }),
  },
  no_team_selected: {
    tells: /in no team yet. Ask an admin to invite you/,
    call: async () => rest(server, { person: await story.personWithoutTeam() }, "GET", "/members"),
  },
  not_found: {
    tells: /no such key, or you may not see it/,
    call: () => rest(server, { person: acme.owner }, "GET", "/api-keys/key_x"),
  },
  method_not_allowed: { tells: /it has GET, HEAD, POST/, call: () => rest(server, null, "PUT", "/api-keys") },
  key_limit_reached: {
    tells: /5 active keys.*Revoke one/,
    carries: ["scope", "limit", "active", "billingUrl"],
    call: async () => {
      const team = await story.team("Small", "starter");
      for (let made = 0; made < 5; made += 1) await story.key(team.owner);
      return create(team, NEW_KEY);
    },
  },
  already_replaced: {
    tells: /replace/,
    call: async () => {
      const { id } = await story.key(acme.owner);
      await story.key(acme.owner, { replacesId: id });
      return create(acme, { ...NEW_KEY, replacesId: id });
    },
  },
  idempotency_conflict: {
    tells: /Idempotency-Key|idempotency key/,
    call: async () => {
      await create(acme, NEW_KEY, { "idempotency-key": "once" });
      return create(acme, { ...NEW_KEY, name: "y" }, { "idempotency-key": "once" });
    },
  },
  invalid_json: { tells: /not JSON/, call: () => create(acme, "{ nope") },
  invalid_input: {
    tells: /name: .*permissions/,
    carries: ["errors"],
    call: () => create(acme, { name: "", permissions: [] }),
  },
  too_large: { tells: /at most 64 KiB/, call: () => create(acme, { ...NEW_KEY, name: "x".repeat(70_000) }) },
  unsupported_media_type: {
    tells: /as application\/json/,
    call: () => create(acme, "x", { "content-type": "text/plain" }),
  },
  internal: {
    tells: /Report the request id req_/,
    call: async () => {
      const { secret } = await story.key(acme.owner, { permissions: ["api_keys:read"] });
      await server.sql("ALTER TABLE api_key_last_used RENAME TO away");
      const answer = await get(secret, "/api-keys");
      await server.sql("ALTER TABLE away RENAME TO api_key_last_used");
      return answer;
    },
  },
};

/** What needs a server or a database in trouble, and the test that has one. */
const MET_ELSEWHERE: readonly ErrorCode[] = [
  // platform/http-server.integration.test.ts
  "malformed_request",
  "header_too_large",
  // modules/rate-limit/rate-limit.integration.test.ts
  "unavailable",
];

test("each code that the document has is met", () => {
  const document = readFileSync(join(import.meta.dirname, "../../../openapi.json"), "utf8");
  const documented = [...document.matchAll(/"#\/components\/examples\/(\w+)"/g)].map(([, code]) => code);
  const met = [...Object.keys(MEETINGS), ...MET_ELSEWHERE];
  expect(new Set(met)).toEqual(new Set(documented));
});

test.each(Object.entries(MEETINGS))("%s says what to do", async (code, { tells, carries = [], call }) => {
  const { status, title } = ERRORS[code as ErrorCode];
  const { body, headers } = await call();
  expect(body).toMatchObject({ status, title, code, type: `${server.origin}/docs/errors#${code}` });
  expect(body.detail).toMatch(tells);
  expect(Object.keys(body)).toEqual(expect.arrayContaining([...carries]));
  expect(headers.get("content-type")).toContain("application/problem+json");
  expect(headers.has("www-authenticate")).toBe(status === 401);
  expect(headers.has("retry-after")).toBe(status === 429 || status === 503);
});

describe("the address that a problem has as its type", () => {
  test.each(Object.keys(ERRORS))("of %s is a page with that anchor", async (code) => {
    const type = new URL(`/docs/errors#${code}`, server.origin);
    const page = await server.fetch(type.href);
    expect(page.status).toBe(200);
    expect((await page.text()).split(`id="${type.hash.slice(1)}"`)).toHaveLength(2);
  });
});
