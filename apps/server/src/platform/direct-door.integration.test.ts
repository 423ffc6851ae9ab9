import { randomBytes } from "node:crypto";
import { Agent, IncomingMessage, request } from "node:http";
import { generateSecret } from "@latchkey/key-format/secret";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rest } from "../../test/doors.ts";
import { Story, type Team } from "../../test/story.ts";
import { startTestServer, type TestServer } from "../../test/test-server.ts";
import { listen, type HttpServer } from "./http-server.ts";

// Everything here is asked twice: over a socket, where the direct door stands in front, and of the app alone. What a key
// asks is asked over a socket twice: as one plain request on a connection that stays, and as node:http reads it.

let server: TestServer;
let http: HttpServer;
let story: Story;
let acme: Team;
/** How many were answered by the direct door, and how many of these node:http had no part in. */
let directly: number;
let plainly: number;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
  http = await listen(server.app, { ...server.config, port: 0, host: "127.0.0.1" });
  http.answerDirectly((arrived, ...rest) => {
    const answer = server.directDoor(arrived, ...rest);
    if (answer !== null) directly += 1;
    if (answer !== null && !(arrived instanceof IncomingMessage)) plainly += 1;
    return answer;
  });
});
afterAll(async () => {
  await http.close(0);
  await server.close();
});

function overSocket(
  method: string,
  path: string,
  headers: Record<string, string | string[]>,
  body?: string,
  agent: Agent | false = false,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { host } = new URL(server.origin);
    const options = { port: http.port, method, path, headers: { host, ...headers }, agent };
    const outgoing = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers as Record<string, string>, body: text }),
      );
    });
    outgoing.on("error", reject).end(body);
  });
}

async function ofTheApp(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  const response = await server.fetch(path, { method, headers, ...(body === undefined ? {} : { body }) });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

const OF_THE_CONNECTION = new Set(["date", "connection", "keep-alive", "content-length", "transfer-encoding"]);

/** Ids differ from call to call, and so does what is left of the limit. */
function comparable({ status, headers, body }: Answer) {
  const withoutIds = (text: string) => text.replaceAll(/req_[0-9A-Za-z]{20}/g, "req_…");
  const told = Object.entries(headers)
    .filter(([name]) => !OF_THE_CONNECTION.has(name))
    .map(([name, value]) => [name, withoutIds(name === "ratelimit" ? value.replace(/r=\d+;t=\d+/, "r=…") : value)]);
  return { status, headers: Object.fromEntries(told) as object, body: withoutIds(body) };
}

async function expectSame(path: string, headers: Record<string, string>): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const expected = comparable(await ofTheApp("GET", path, headers));
  expect(comparable(await overSocket("GET", path, headers, undefined, agent))).toEqual(expected);
  expect(comparable(await overSocket("GET", path, headers))).toEqual(expected);
  agent.destroy();
}

const PATHS = [
  "/api/v1/auth/me",
  "/api/v1/verify",
  "/api/v1/verify?permission=analytics:read",
  "/api/v1/verify?permission=analytics:read&permission=campaigns:launch",
];

describe("the direct door says what the router says", () => {
  const keys: [string, () => Promise<string>][] = [
    ["a key that works", async () => (await story.key(acme.owner, { permissions: ["analytics:read"] })).secret],
    ["a malformed key", async () => "lk_abc"],
    ["a key with a space", async () => "lk_abc, lk_def"],
    ["an unknown key", async () => generateSecret("lk", randomBytes)],
    [
      "a revoked key",
      async () => {
        const key = await story.key(acme.owner);
        await rest(server, { person: acme.owner }, "DELETE", `/api-keys/${key.id}`);
        return key.secret;
      },
    ],
    ["an expired key", async () => (await story.keyOf(acme.owner, 2, { expiresInDays: 1 })).secret],
    [
      "a key whose team has no subscription",
      async () => {
        const team = await story.team("Lapsed");
        const key = await story.key(team.owner);
        await server.sql("UPDATE subscription SET status = 'canceled' WHERE team_id = $1", [team.id]);
        return key.secret;
      },
    ],
  ];

  test.each(keys)("of %s, on every route that it has", async (_name, make) => {
    const secret = await make();
    for (const path of PATHS) {
      directly = plainly = 0;
      await expectSame(path, { "x-api-key": secret });
      expect([directly, plainly], path).toEqual([2, 1]);
    }
  });

  test("of a key that has used up its limit", async () => {
    const team = await story.team("Busy", "starter");
    const { secret } = await story.key(team.owner);
    const verify = ["GET", "/api/v1/verify", { "x-api-key": secret }] as const;
    // A token comes back every second: both are asked until both are refused.
    for (;;) {
      const [one, other] = [await overSocket(...verify), await ofTheApp(...verify)];
      if (one.status !== 429 || other.status !== 429) continue;
      expect(comparable(one)).toEqual(comparable(other));
      expect(one.headers["retry-after"]).toBe("1");
      break;
    }
  });
});

describe("what the direct door does not understand takes the ordinary way", () => {
  const unusual: [string, string, Record<string, string>][] = [
    ["a query where none is", "/api/v1/auth/me?a=1", {}],
    ["a permission that is none", "/api/v1/verify?permission=nothing:at_all", {}],
    ["another parameter", "/api/v1/verify?permission=analytics:read&a=1", {}],
    ["an encoded query", "/api/v1/verify?permission=analytics%3Aread", {}],
    ["a page of another origin", "/api/v1/auth/me", { origin: "https://example.com" }],
    ["a key in two headers", "/api/v1/auth/me", { authorization: "Bearer lk_abc" }],
    ["another route", "/api/v1/billing/plans", {}],
    ["a doubled slash", "/api/v1//auth/me", {}],
    ["a slash behind", "/api/v1/auth/me/", {}],
  ];

  test.each(unusual)("%s", async (_name, path, headers) => {
    const { secret } = await story.key(acme.owner, { permissions: ["analytics:read", "billing:read"] });
    directly = 0;
    await expectSame(path, { ...headers, "x-api-key": secret });
    expect(directly).toBe(0);
  });

  test("HEAD, a request without a key, and a key that is sent twice", async () => {
    const { secret } = await story.key(acme.owner);
    directly = 0;
    expect((await overSocket("HEAD", "/api/v1/auth/me", { "x-api-key": secret })).status).toBe(200);
    expect((await overSocket("GET", "/api/v1/auth/me", {})).status).toBe(401);
    expect(directly).toBe(0);
    const twice = await overSocket("GET", "/api/v1/auth/me", { "x-api-key": [secret, secret] });
    expect(JSON.parse(twice.body)).toMatchObject({ code: "key_malformed" });
  });
});

describe("GraphQL is answered alike", () => {
  const send = async (body: string, headers: Record<string, string> = {}) => {
    const all = {
      "content-type": "application/json",
      origin: server.origin,
      cookie: acme.owner.cookie,
      "content-length": String(Buffer.byteLength(body)),
      ...headers,
    };
    directly = 0;
    const answer = await overSocket("POST", "/graphql", all, body);
    expect(comparable(answer)).toEqual(comparable(await ofTheApp("POST", "/graphql", all, body)));
    return answer;
  };

  const bodies: [string, string, number][] = [
    ["a query", JSON.stringify({ query: "{ viewer { user { name } team { name } role } }" }), 200],
    ["a page of keys", JSON.stringify({ query: "{ apiKeys(first: 5) { nodes { id name } } }" }), 200],
    ["introspection", JSON.stringify({ query: "{ __schema { queryType { name } } }" }), 200],
    ["a refused field", JSON.stringify({ query: "{ teams { totalCount } }" }), 200],
    ["a wrong field", JSON.stringify({ query: "{ viewer { nothing } }" }), 200],
    [
      "a mutation that changes nothing",
      JSON.stringify({
        query: 'mutation { revokeApiKey(input: { id: "key_none" }) { __typename ... on Error { code message } } }',
      }),
      200,
    ],
    ["what is no JSON", "{", 400],
    ["what is no request", "[]", 400],
    [
      "letters outside ASCII",
      JSON.stringify({ query: '{ apiKeys(filter: { search: "\u{1F511} ä" }) { totalCount } }' }),
      200,
    ],
  ];
  test.each(bodies)("%s", async (_name, body, status) => {
    await story.key(acme.owner);
    expect((await send(body)).status).toBe(status);
    expect(directly).toBe(1);
  });

  const VIEWER = JSON.stringify({ query: "{ viewer { role } }" });

  test("for a cookie that is not ours, and for one that has ended", async () => {
    expect(JSON.parse((await send(VIEWER, { cookie: "better-auth.session_token=a.b" })).body)).toEqual({
      data: { viewer: null },
    });
    expect(directly).toBe(1);
  });

  const unusual: [string, Record<string, string>, number][] = [
    ["a key beside the cookie", { "x-api-key": "lk_abc" }, 403],
    ["a foreign page", { origin: "https://example.com" }, 403],
    ["another name of ours", { host: "example.com" }, 403],
    ["a form", { "content-type": "application/x-www-form-urlencoded" }, 415],
  ];
  test.each(unusual)("and %s takes the ordinary way", async (_name, headers, status) => {
    expect((await send(VIEWER, headers)).status).toBe(status);
    expect(directly).toBe(0);
  });
});
