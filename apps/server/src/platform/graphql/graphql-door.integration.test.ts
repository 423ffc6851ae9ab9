import { serverAudits } from "graphql-http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { graphql } from "../../../test/doors.ts";
import { statementsOf } from "../../../test/statement-count.ts";
import { Story, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let acme: Team;

beforeAll(async () => {
  server = await startTestServer();
  acme = await new Story(server).team("Acme Ads");
});
afterAll(() => server.close());

const post = (body: string, headers: Record<string, string> = {}) =>
  server.fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.origin, cookie: acme.owner.cookie, ...headers },
    body,
  });
const codeOf = async (response: Response) =>
  ((await response.json()) as { errors?: { extensions?: { code?: string } }[] }).errors?.[0]?.extensions?.code;
const QUERY = JSON.stringify({ query: "{ viewer { role } }" });
const MUTATION = 'mutation { selectTeam(input: { teamId: "team_0" }) { __typename } }';

describe("only our own page may use a session", () => {
  test.each([
    ["a form", { "content-type": "application/x-www-form-urlencoded" }, 415, "unsupported_media_type"],
    ["plain text", { "content-type": "text/plain" }, 415, "unsupported_media_type"],
    ["a file upload", { "content-type": "multipart/form-data; boundary=x" }, 415, "unsupported_media_type"],
    ["another origin", { origin: "https://evil.example" }, 403, "origin_refused"],
    ["a null origin", { origin: "null" }, 403, "origin_refused"],
    ["an origin that begins like ours", { origin: "http://localhost:3000.evil.example" }, 403, "origin_refused"],
  ])("%s is refused before anything runs", async (_what, headers, status, code) => {
    const { result, statements } = await statementsOf(() => post(QUERY, headers));
    expect([result.status, await codeOf(result)]).toEqual([status, code]);
    expect(statements).toEqual([]);
  });

  test("no origin at all is refused, and told what to send", async () => {
    const response = await server.fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", cookie: acme.owner.cookie },
      body: QUERY,
    });
    expect(response.status).toBe(403);
    expect(JSON.stringify(await response.json())).toContain(server.origin);
  });

  test("neither a query nor a mutation runs by GET", async () => {
    for (const query of ["{ viewer { role } }", MUTATION]) {
      const response = await server.fetch(`/graphql?query=${encodeURIComponent(query)}`, {
        headers: { cookie: acme.owner.cookie },
      });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    }
  });

  test("a Host that is not ours is refused: a foreign name pointed at our address is a foreign page", async () => {
    const response = await server.fetch("/graphql", {
      method: "POST",
      headers: { host: "rebound.example", "content-type": "application/json" },
      body: QUERY,
    });
    expect(response.status).toBe(403);
  });
});

describe("what a document may ask", () => {
  const nested = (levels: number): string => (levels === 0 ? "id" : `replaces { ${nested(levels - 1)} }`);
  test.each([
    ["more than 10 levels", `{ apiKeys { nodes { ${nested(8)} } } }`],
    [
      "more than 10 levels through fragments",
      `{ apiKeys { nodes { ...A } } } fragment A on ApiKey { replaces { replaces { replaces { ...B } } } } fragment B on ApiKey { ${nested(5)} }`,
    ],
    ["more than 20 aliases", `{ ${Array.from({ length: 21 }, (_, n) => `a${n}: plans { name }`).join(" ")} }`],
    [
      "more than 20 aliases of __typename",
      `{ ${Array.from({ length: 21 }, (_, n) => `a${n}: __typename`).join(" ")} }`,
    ],
    ["more than 2,000 tokens", `{ plans { ${"name ".repeat(2_000)} } }`],
    [
      "two mutation fields",
      `mutation { a: selectTeam(input: { teamId: "team_0" }) { __typename } b: selectTeam(input: { teamId: "team_0" }) { __typename } }`,
    ],
    [
      "two mutation fields through a fragment",
      `mutation { ...M } fragment M on Mutation { a: selectTeam(input: { teamId: "team_0" }) { __typename } b: selectTeam(input: { teamId: "team_0" }) { __typename } }`,
    ],
    [
      "a cycle of fragments",
      "{ apiKeys { nodes { ...A } } } fragment A on ApiKey { replaces { ...B } } fragment B on ApiKey { replaces { ...A } }",
    ],
    ["a field that is not there", "{ secrets }"],
    ["no syntax", "{ viewer { "],
    ["a page of 101", "{ apiKeys(first: 101) { totalCount } }"],
    ["a page of 0", "{ apiKeys(first: 0) { totalCount } }"],
    ["a page of a billion", "{ apiKeys(first: 1000000000) { totalCount } }"],
  ])("%s is refused as invalid_input", async (_what, query) => {
    const { errors, data } = await graphql(server, acme.owner, query);
    expect(errors[0]?.extensions.code).toBe("invalid_input");
    expect(data).toBeNull();
  });

  test("ten levels and twenty aliases are fine", async () => {
    expect((await graphql(server, acme.owner, `{ apiKeys { nodes { ${nested(7)} } } }`)).errors).toEqual([]);
    const aliases = Array.from({ length: 20 }, (_, n) => `a${n}: plans { name }`).join(" ");
    expect((await graphql(server, acme.owner, `{ ${aliases} }`)).errors).toEqual([]);
  });

  test("a batch is refused", async () => {
    const response = await post(`[${QUERY},${QUERY}]`);
    expect(response.status).toBe(400);
    expect(await codeOf(response)).toBe("invalid_input");
  });

  test.each([
    ["announced", (body: string) => post(body)],
    [
      "sent in pieces",
      (body: string) =>
        server.fetch("/graphql", {
          method: "POST",
          headers: { "content-type": "application/json", origin: server.origin, cookie: acme.owner.cookie },
          body: new ReadableStream({
            start(controller) {
              for (let at = 0; at < body.length; at += 8_192)
                controller.enqueue(new TextEncoder().encode(body.slice(at, at + 8_192)));
              controller.close();
            },
          }),
          duplex: "half",
        } as RequestInit),
    ],
  ])("a body over 64 KiB, %s, is 413", async (_how, send) => {
    const response = await send(JSON.stringify({ query: `{ viewer { role } } # ${"x".repeat(66_000)}` }));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "too_large" } }] });
  });

  test("what is not JSON is told as such", async () => {
    const response = await post("{ nonsense");
    expect([response.status, await codeOf(response)]).toEqual([400, "invalid_json"]);
  });
});

describe("errors", () => {
  test("nobody signed in is unauthenticated at the field, and viewer is null", async () => {
    expect((await graphql(server, null, "{ viewer { role } }")).data).toEqual({ viewer: null });
    const { errors } = await graphql(server, null, "{ apiKeys { totalCount } }");
    expect(errors[0]).toMatchObject({ path: ["apiKeys"], extensions: { code: "unauthenticated" } });
  });

  test("a bug is masked, logged once with its cause, and carries the request id of the header", async () => {
    await server.sql("ALTER TABLE api_key RENAME COLUMN prefix TO gone");
    const response = await post(JSON.stringify({ query: "{ apiKeys { nodes { id } } }" }));
    await server.sql("ALTER TABLE api_key RENAME COLUMN gone TO prefix");
    const { errors } = (await response.json()) as {
      errors: { message: string; extensions: { code: string; requestId: string } }[];
    };
    expect(errors[0]?.extensions).toEqual({ code: "internal", requestId: response.headers.get("x-request-id") });
    expect(JSON.stringify(errors)).not.toMatch(/prefix|gone|prisma|select/i);
    expect(server.logLines.filter((line) => line.includes(errors[0]?.extensions.requestId ?? "?"))).toHaveLength(1);
  });

  test("selecting a team that is not theirs is not found, and changes nothing", async () => {
    const story = new Story(server);
    const globex = await story.team("Globex Media");
    const select =
      "mutation ($teamId: ID!) { selectTeam(input: { teamId: $teamId }) { __typename ... on Error { code } ... on SelectTeamPayload { viewer { team { id } role } } } }";
    expect((await graphql(server, acme.owner, select, { teamId: globex.id })).data.selectTeam.code).toBe("not_found");
    expect((await graphql(server, null, select, { teamId: globex.id })).errors[0]?.extensions.code).toBe(
      "unauthenticated",
    );
    await server.services.teams.addMember(await story.contextOf(globex.owner), {
      teamId: globex.id,
      userId: acme.owner.id,
      role: "viewer",
    });
    expect((await graphql(server, acme.owner, select, { teamId: globex.id })).data.selectTeam.viewer).toEqual({
      team: { id: globex.id },
      role: "VIEWER",
    });
    expect((await graphql(server, acme.owner, "{ viewer { team { id } teams { id } } }")).data.viewer.team.id).toBe(
      globex.id,
    );
    await graphql(server, acme.owner, select, { teamId: acme.id });
  });
});

describe("who may read the schema", () => {
  const INTROSPECTION = "{ __schema { queryType { name } } }";
  test("in production only people who are signed in", async () => {
    expect((await graphql(server, null, INTROSPECTION)).errors[0]?.extensions.code).toBe("invalid_input");
    expect((await graphql(server, acme.owner, INTROSPECTION)).errors).toEqual([]);
    expect((await server.fetch("/graphql/schema.graphql")).status).toBe(401);
    const sdl = await server.fetch("/graphql/schema.graphql", { headers: { cookie: acme.owner.cookie } });
    expect(await sdl.text()).toContain("type ApiKey {");
    expect((await server.fetch("/graphql", { headers: { accept: "text/html" } })).status).toBe(401);
  });

  test("GraphiQL comes whole from our own origin", async () => {
    const response = await server.fetch("/graphql", { headers: { accept: "text/html", cookie: acme.owner.cookie } });
    expect(response.status).toBe(200);
    const html = await response.text();
    expect([...html.matchAll(/<(?:script|link)[^>]+(?:src|href)="(?!data:)([^"]+)"/g)].map(([, url]) => url)).toEqual(
      [],
    );
    expect(response.headers.get("content-security-policy")).toContain("connect-src 'self'");
  });
});

describe("GraphQL over HTTP", () => {
  const audits = serverAudits({
    url: "http://localhost:3000/graphql",
    fetchFn: (url: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      headers.set("origin", server.origin);
      headers.set("cookie", acme.owner.cookie);
      return server.fetch(new URL(url).pathname + new URL(url).search, { ...init, headers });
    },
  });
  const must = audits.filter(({ name }) => name.startsWith("MUST"));

  test("the audits have requirements to meet", () => expect(must.length).toBeGreaterThan(10));
  test.each(must.map((audit) => [audit.name, audit] as const))("%s", async (_name, audit) => {
    const result = await audit.fn();
    expect(result.status, "reason" in result ? result.reason : "").toBe("ok");
  });
});
