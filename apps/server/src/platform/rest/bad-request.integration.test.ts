import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operationsOfContract } from "../../../test/authorisation/contract.ts";
import { NO_IDS } from "../../../test/bad-inputs.ts";
import { rest, type RestAnswer } from "../../../test/doors.ts";
import { rowCounts } from "../../../test/row-counts.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

// What no client of ours sends, and somebody will. Each is told what is wrong, as a problem, and changes nothing.

let server: TestServer;
let acme: Team;
let root: Person;
let key: { id: string; secret: string };
let revoked: { id: string; secret: string };
let cursor: string;

beforeAll(async () => {
  server = await startTestServer();
  const story = new Story(server);
  acme = await story.team("Acme Ads");
  root = await story.superAdmin();
  await server.sql("UPDATE subscription SET requests_per_minute = 1000000");
  await story.hurry(root);
  key = await story.key(acme.owner, { permissions: ["api_keys:read", "members:read", "billing:read"] });
  revoked = await story.key(acme.owner);
  await rest(server, { person: acme.owner }, "DELETE", `/api-keys/${revoked.id}`);
  cursor = (await rest(server, { key: key.secret }, "GET", "/api-keys?limit=1")).body.page.nextCursor;
}, 60_000);
afterAll(() => server.close());

let addresses = 0;
/** Failing keys are limited by address. */
const ownAddress = () => `10.9.${(addresses += 1) >> 8}.${addresses & 255}`;

async function expectRefusal(call: () => Promise<RestAnswer>, status: number, code: string): Promise<RestAnswer> {
  const before = await rowCounts(server);
  const answer = await call();
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(await rowCounts(server)).toEqual(before);
  return answer;
}

const get = (path: string, headers: Record<string, string> = {}) =>
  rest(server, { key: key.secret }, "GET", path, { headers, ip: ownAddress() });

describe("a credential", () => {
  const bad: [string, () => Record<string, string>, string][] = [
    ["two keys joined by a comma", () => ({ "x-api-key": `${key.secret},${key.secret}` }), "key_malformed"],
    [
      "two keys joined as a proxy joins headers",
      () => ({ "x-api-key": `${key.secret}, ${revoked.secret}` }),
      "key_malformed",
    ],
    ["a key of 10 kB", () => ({ "x-api-key": key.secret.padEnd(10_240, "x") }), "key_malformed"],
    ["a key and a word before it", () => ({ "x-api-key": `Bearer ${key.secret}` }), "key_malformed"],
    ["a key with spaces for its underscore", () => ({ "x-api-key": key.secret.replace("_", " ") }), "key_malformed"],
    ["a key in another encoding", () => ({ "x-api-key": Buffer.from(key.secret).toString("base64") }), "key_malformed"],
    ["an empty key beside a good cookie", () => ({ "x-api-key": "", cookie: acme.owner.cookie }), "key_missing"],
    [
      "a revoked key beside a good cookie",
      () => ({ "x-api-key": revoked.secret, cookie: acme.owner.cookie }),
      "key_revoked",
    ],
    [
      "a malformed key beside a good cookie",
      () => ({ "x-api-key": "lk_nope", cookie: acme.owner.cookie }),
      "key_malformed",
    ],
    ["a bearer", () => ({ authorization: `Bearer ${key.secret}` }), "wrong_header"],
    ["a bearer in small letters", () => ({ authorization: `bearer ${key.secret}` }), "wrong_header"],
    [
      "a key as a user's name",
      () => ({ authorization: `Basic ${Buffer.from(`${key.secret}:`).toString("base64")}` }),
      "key_missing",
    ],
    ["a cookie that is none", () => ({ cookie: "latchkey.session_token=nope; __proto__=1" }), "key_missing"],
  ];
  test.each(bad)('of the kind "%s" is 401', async (_what, headers, code) => {
    const call = () => rest(server, null, "GET", "/auth/me", { headers: headers(), ip: ownAddress() });
    const answer = await expectRefusal(call, 401, code);
    expect(answer.headers.get("www-authenticate")).toBe('ApiKey realm="latchkey", header="x-api-key"');
    expect(JSON.stringify(answer.body)).not.toContain(key.secret.slice(8, 20));
  });

  test.each(["api_key", "x-api-key", "key", "access_token", "apikey"])(
    "in the address as ?%s= is never taken",
    async (name) => {
      const path = `/auth/me?${name}=${key.secret}`;
      await expectRefusal(() => rest(server, null, "GET", path), 401, "key_missing");
      const told = await expectRefusal(() => rest(server, { person: acme.owner }, "GET", path), 422, "invalid_input");
      expect(told.body.errors[0].message).toContain("x-api-key");
      expect(JSON.stringify(told.body)).not.toContain(key.secret);
      expect(server.logLines.join("")).not.toContain(key.secret);
    },
  );
});

describe("a parameter", () => {
  const bad: [string, string][] = [
    ...["0", "101", "1.5", "abc", "", "-1", "1e2", "0x10", "+1", "%31%00", "99999999999", "NaN"].map(
      (limit): [string, string] => [`/api-keys?limit=${limit}`, "limit"],
    ),
    ["/members?limit=0", "limit"],
    ["/members?limit=101", "limit"],
    ["/api-keys?limit=1&limit=2", "limit"],
    ["/api-keys?cursor=abc", "cursor"],
    ["/api-keys?cursor=", "cursor"],
    ["/api-keys?cursor=bnVsbA", "cursor"],
    ["/api-keys?cursor=W10", "cursor"],
    [`/api-keys?cursor=${"a".repeat(1_001)}`, "cursor"],
    ["/members?cursor=abc", "cursor"],
    ["/api-keys?status=active", "status.0"],
    ["/api-keys?status=ACTIVE&status=GONE", "status.1"],
    ["/api-keys?status=ACTIVE,REVOKED", "status.0"],
    ["/api-keys?orderBy=SECRET_HASH", "orderBy"],
    ["/api-keys?orderBy=NAME&orderBy=NAME", "orderBy"],
    ["/api-keys?direction=UP", "direction"],
    ["/api-keys?expiresSoon=yes", "expiresSoon"],
    ["/api-keys?neverUsed=true&neverUsed=false", "neverUsed"],
    ["/api-keys?unusedForDays=0", "unusedForDays"],
    ["/api-keys?unusedForDays=3651", "unusedForDays"],
    ["/api-keys?createdById=a%20b", "createdById"],
    ["/api-keys?createdById=%00", "createdById"],
    [`/api-keys?search=${"x".repeat(101)}`, "search"],
    ["/api-keys?search=a&search=b", "search"],
    ["/api-keys?search=%00", "search"],
    ["/api-keys?permission=%00", "permission"],
    ["/api-keys?permission[]=analytics:read", "permission[]"],
    ["/api-keys?colour=red", "colour"],
    ["/api-keys?LIMIT=5", "LIMIT"],
    ["/api-keys?teamId=team_00000000000000000000", "teamId"],
    ["/api-keys?__proto__=1", "__proto__"],
    ["/api-keys?__proto__=1&__proto__=2", "__proto__"],
    ["/api-keys?constructor=1&prototype=2", "constructor"],
    ["/auth/me?verbose=1", "verbose"],
    ["/billing/plans?limit=5", "limit"],
    ["/openapi.json?download", "download"],
    ["?x=1", "x"],
    ["/verify?permission=campaigns:fly", "permission.0"],
    ["/verify?permission=analytics:read&permission=__proto__", "permission.1"],
  ];
  test.each(bad)("%s is 422 and names it", async (path, field) => {
    const { body } = await expectRefusal(() => get(path), 422, "invalid_input");
    const paths = body.errors.map((error: { path: (string | number)[] }) => error.path.join("."));
    expect(paths).toContain(field);
  });

  test("that is the cursor of another list, filter or order is 422", async () => {
    for (const path of [
      `/api-keys?cursor=${cursor}&status=ACTIVE`,
      `/api-keys?cursor=${cursor}&direction=ASC`,
      `/members?cursor=${cursor}`,
    ])
      await expectRefusal(() => get(path), 422, "invalid_input");
  });

  test("that is a cursor with another place written into it is refused, or leads somewhere, and never breaks", async () => {
    const [binding, , id] = JSON.parse(Buffer.from(cursor, "base64url").toString()) as string[];
    const byName = (await get("/api-keys?orderBy=NAME&limit=1")).body.page.nextCursor as string;
    const [nameBinding] = JSON.parse(Buffer.from(byName, "base64url").toString()) as string[];
    const encode = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString("base64url");
    const forged: [string, string][] = [
      ...[
        "+275760-09-13T00:00:00.000Z",
        "-271821-04-20T00:00:00.000Z",
        "0000-01-01",
        "9".repeat(30),
        "",
        "\u0000",
        "Infinity",
      ].map((value): [string, string] => ["", encode(binding, value, id)]),
      ["", encode(binding, "2026-01-01T00:00:00.000Z", "\u0000")],
      ["", encode(binding, "2026-01-01T00:00:00.000Z", "' OR 1=1 --")],
      ["", encode(binding, null, "")],
      ["", encode(binding, ["2026"], id)],
      ...["\u0000", "\ud800", "x".repeat(400)].map((value): [string, string] => [
        "&orderBy=NAME",
        encode(nameBinding, value, id),
      ]),
      ["&orderBy=NAME", encode(nameBinding, null, id)],
    ];
    for (const [order, text] of forged) {
      const { status } = await get(`/api-keys?cursor=${text}${order}`);
      expect([200, 422], Buffer.from(text, "base64url").toString()).toContain(status);
    }
  });
});

describe("a body", () => {
  const good = { name: "x", permissions: ["analytics:read"] };
  const json = JSON.stringify(good);
  const as = (type: string) => ({ "content-type": type });
  const bad: [string, { body?: unknown; headers?: Record<string, string> }, number, string][] = [
    ["that breaks off", { body: json.slice(0, -1) }, 400, "invalid_json"],
    ["of single quotes", { body: json.replaceAll('"', "'") }, 400, "invalid_json"],
    ["of two documents", { body: json + json }, 400, "invalid_json"],
    ["with a comma too many", { body: json.replace("}", ",}") }, 400, "invalid_json"],
    ["of nothing but spaces", { body: "   " }, 400, "invalid_json"],
    ["of NaN", { body: "NaN" }, 400, "invalid_json"],
    ["of binary zeros", { body: "\0\0\0\0" }, 400, "invalid_json"],
    [
      "that is a form",
      { body: "name=x", headers: as("application/x-www-form-urlencoded") },
      415,
      "unsupported_media_type",
    ],
    [
      "that is a form with parts",
      { body: json, headers: as("multipart/form-data; boundary=x") },
      415,
      "unsupported_media_type",
    ],
    ["that says it is text", { body: json, headers: as("text/plain") }, 415, "unsupported_media_type"],
    ["that says it is almost JSON", { body: json, headers: as("application/jsonp") }, 415, "unsupported_media_type"],
    [
      "that says it is a patch",
      { body: json, headers: as("application/merge-patch+json") },
      415,
      "unsupported_media_type",
    ],
    [
      "that says two things",
      { body: json, headers: as("application/json, text/plain") },
      415,
      "unsupported_media_type",
    ],
    ["that says nothing", { body: json, headers: as("") }, 415, "unsupported_media_type"],
    ["over 64 KiB", { body: { ...good, name: "x".repeat(66_000) } }, 413, "too_large"],
    ["of 10,000 lists in each other", { body: "[".repeat(10_000) + "]".repeat(10_000) }, 422, "invalid_input"],
    ["that is a string", { body: '"key"' }, 422, "invalid_input"],
    ["that is a number", { body: "7" }, 422, "invalid_input"],
    ["that is absent", {}, 422, "invalid_input"],
    ["with an unknown field", { body: { ...good, colour: "red" } }, 422, "invalid_input"],
    ["with the field of another door", { body: { ...good, idempotencyKey: "x" } }, 422, "invalid_input"],
    ["with a prototype", { body: `{"__proto__":{"name":"x"},"permissions":["analytics:read"]}` }, 422, "invalid_input"],
    ["with a constructor", { body: `{"constructor":{"prototype":{"x":1}},${json.slice(1)}` }, 422, "invalid_input"],
    ["with an id that is none", { body: { ...good, teamId: "../team" } }, 422, "invalid_input"],
    ["with another's team", { body: { ...good, teamId: "team_00000000000000000000" } }, 404, "not_found"],
  ];
  test.each(bad)("%s is refused", async (_what, options, status, code) => {
    await expectRefusal(() => rest(server, { person: acme.owner }, "POST", "/api-keys", options), status, code);
    expect(({} as Record<string, unknown>)["name"]).toBeUndefined();
  });

  test.each([
    ["an unknown field", { colour: "red" }],
    ["nothing to change", {}],
    ["a team", { teamId: "team_x", plan: "scale" }],
    ["a prototype", '{"__proto__":{"plan":"scale"}}'],
    ["a plan that is none", { plan: "free" }],
    ["a rate of none", { requestsPerMinute: 0 }],
  ])("of a super admin with %s is 422", async (_what, body) => {
    const path = `/backoffice/teams/${acme.id}`;
    await expectRefusal(() => rest(server, { person: root }, "PATCH", path, { body }), 422, "invalid_input");
  });
});

describe("an id that is none", () => {
  test.each(NO_IDS)("%# is not found, whoever asks", async (id) => {
    for (const credential of [{ key: key.secret }, { person: acme.owner }, { person: root }])
      await expectRefusal(() => rest(server, credential, "GET", `/api-keys/${id}`), 404, "not_found");
    const { status } = await rest(server, { person: acme.owner }, "DELETE", `/api-keys/${id}`);
    expect([404, 422]).toContain(status);
    await expectRefusal(() => rest(server, { person: root }, "GET", `/backoffice/teams/${id}`), 404, "not_found");
    const patch = await rest(server, { person: root }, "PATCH", `/backoffice/teams/${id}`, { body: { plan: "scale" } });
    expect([404, 422]).toContain(patch.status);
  });
});

describe("a path that is almost one", () => {
  test.each([
    "/auth/me/",
    "/auth//me",
    "//auth/me",
    "/auth%2Fme",
    "/auth%5Cme",
    "/AUTH/ME",
    "/auth/me%20",
    "/auth/me;v=1",
    "/auth/me.json",
    "/api-keys/",
    "/api-keys//",
    "/api-keys/a/b",
    "/nope",
  ])("%s is 404", async (path) => {
    await expectRefusal(() => get(path), 404, "not_found");
  });

  test.each([
    "/api%2Fv1%2Fauth%2Fme",
    "/api/v1%2Fauth/me",
    "/API/v1/auth/me",
    "/Api",
    "/graphql/",
    "/graphql%2F",
    "/api/v2/auth/me",
    "/api/../api//v1/auth/me",
    "/%2Fapi/v1/auth/me",
  ])("%s is 404 and not the page", async (path) => {
    const answer = await server.fetch(path, { headers: { "x-api-key": key.secret } });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, "not_found"]);
  });
});

describe("a method that is not for the path", () => {
  test.each([
    ["OPTIONS", "/auth/me", "GET, HEAD"],
    ["OPTIONS", "/api-keys", "GET, HEAD, POST"],
    ["PUT", "/api-keys", "GET, HEAD, POST"],
    ["PATCH", "/members", "GET, HEAD"],
    ["POST", "/api-keys/key_x", "GET, HEAD, DELETE"],
    ["PROPFIND", "/api-keys", "GET, HEAD, POST"],
    ["get", "/api-keys", null],
    ["DELETE", "", "GET, HEAD"],
    ["POST", "/docs", "GET, HEAD"],
  ])("%s %s", async (method, path, allow) => {
    const answer = await rest(server, { person: acme.owner }, method, path);
    // fetch() itself writes known methods in capitals.
    if (allow === null) return expect(answer.status).toBe(200);
    expect([answer.status, answer.body.code, answer.headers.get("allow")]).toEqual([405, "method_not_allowed", allow]);
  });

  test("HEAD is refused as GET is, without a body", async () => {
    for (const [path, status] of [
      ["/nope", 404],
      ["/api-keys?limit=0", 422],
      ["/members/", 404],
    ] as const) {
      const answer = await rest(server, { key: key.secret }, "HEAD", path);
      expect([answer.status, answer.body]).toEqual([status, ""]);
    }
    expect((await rest(server, null, "HEAD", "/auth/me", { ip: ownAddress() })).status).toBe(401);
  });
});

describe("writing from elsewhere", () => {
  const origins = (ours: string): [string, string | null][] => [
    ["no origin", null],
    ["an empty origin", ""],
    ["a null origin", "null"],
    ["a foreign origin", "https://evil.example"],
    ["ours with a slash", `${ours}/`],
    ["ours in capitals", ours.toUpperCase()],
    ["ours as a beginning", `${ours}.evil.example`],
    ["ours and another", `${ours}, https://evil.example`],
    ["ours with another port", ours.replace(/\d+$/, "9")],
    ["ours with https", ours.replace("http:", "https:")],
  ];
  test("is 403 for every route that changes anything, with every origin that is not ours", async () => {
    const calls: [Person, string, string, object?][] = [
      [acme.owner, "POST", "/api-keys", { name: "x", permissions: ["analytics:read"] }],
      [acme.owner, "DELETE", `/api-keys/${key.id}`],
      [root, "PATCH", `/backoffice/teams/${acme.id}`, { plan: "scale" }],
      [acme.owner, "PATCH", "/notifications/notification_00000000000000000000", { isRead: true }],
    ];
    const writing = operationsOfContract().filter(({ name }) => /^(POST|PUT|PATCH|DELETE) \//.test(name));
    expect(writing).toHaveLength(calls.length);
    const before = await rowCounts(server);
    for (const [person, method, path, body] of calls) {
      for (const [what, origin] of origins(server.origin)) {
        const headers = { cookie: person.cookie, ...(origin === null ? {} : { origin }) };
        const answer = await rest(server, null, method, path, { headers, body });
        expect([what, answer.status, answer.body.code]).toEqual([what, 403, "origin_refused"]);
        expect(answer.body.detail).toContain(server.origin);
      }
    }
    expect(await rowCounts(server)).toEqual(before);
    expect((await get("/auth/me")).status).toBe(200);
  });
});
