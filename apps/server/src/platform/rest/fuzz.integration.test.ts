import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NO_IDS } from "../../../test/bad-inputs.ts";
import { rest } from "../../../test/doors.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let acme: Team;
let root: Person;
let key: string;
/** Failing keys are limited by address. */
let addresses = 0;

beforeAll(async () => {
  server = await startTestServer();
  const story = new Story(server);
  acme = await story.team("Acme Ads");
  root = await story.superAdmin();
  await story.hurry(root);
  await server.sql("UPDATE subscription SET requests_per_minute = 1000000");
  key = (await story.key(acme.owner, { permissions: ["api_keys:read", "members:read", "billing:read"] })).secret;
});
afterAll(() => server.close());

type FcValue<Of> = Of extends fc.Arbitrary<infer Value> ? Value : never;

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly properties: object } }>>;
  };
}

const document = JSON.parse(readFileSync(join(import.meta.dirname, "../../../openapi.json"), "utf8")) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const ROUTES = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);
const PARAMETERS = ROUTES.flatMap(({ operation }) => operation.parameters ?? []).filter(
  ({ in: place }) => place === "query",
);
const FIELDS = ROUTES.flatMap(({ operation }) => Object.values(operation.requestBody?.content ?? {})).flatMap(
  ({ schema }) => Object.keys(schema.properties),
);
const POLLUTING = ["__proto__", "constructor", "x"];

const text = fc.oneof(
  fc.constantFrom("", "0", "-1", "1.5", "true", "null", "\u0000", "%", "a b", "🔑", "__proto__", "x".repeat(2_000)),
  fc.constantFrom("1", "ACTIVE", "NAME", "analytics:read", "../.."),
  fc.string({ unit: "binary" }).map((binary) => binary.toWellFormed()),
);
const parameter = fc.constantFrom(...PARAMETERS.map(({ name }) => name), ...POLLUTING);
const field = fc.constantFrom(...FIELDS, ...POLLUTING);
const body = fc.oneof(
  fc.json(),
  fc.string({ unit: "binary" }),
  fc.dictionary(field, fc.jsonValue()).map((value) => JSON.stringify(value)),
);
const call = fc.record({
  route: fc.constantFrom(...ROUTES),
  otherMethod: fc.option(fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"), { freq: 2 }),
  id: fc.oneof(text.map(encodeURIComponent), fc.constantFrom(...NO_IDS)),
  query: fc.array(fc.tuple(parameter, text), { maxLength: 4 }).map((pairs) => new URLSearchParams(pairs).toString()),
  body: fc.option(body),
  headers: fc.record(
    {
      "content-type": fc.constantFrom("text/plain", "application/json; charset=utf-16", "multipart/form-data"),
      "idempotency-key": fc.constantFrom("", "a b", "x".repeat(300), "%C3%A9", "one"),
    },
    { requiredKeys: [] },
  ),
  who: fc.constantFrom("nobody", "key", "owner", "root"),
});

test("whatever is sent to the routes, none answers with a 5xx, or with what the document does not say", async () => {
  const credentials = { nobody: null, key: { key }, owner: { person: acme.owner }, root: { person: root } };
  const send = async ({ route, otherMethod, id, query, body: sent, headers, who }: FcValue<typeof call>) => {
    const method = otherMethod ?? route.method;
    const path = `${route.path.replace("/api/v1", "").replace("{id}", id)}?${query}`;
    addresses += 1;
    const options = { headers, ip: `10.9.${addresses >> 8}.${addresses & 255}` };
    const hasBody = sent !== null && method !== "GET" && method !== "HEAD";
    const answer = await rest(server, credentials[who], method, path, hasBody ? { ...options, body: sent } : options);
    expect(answer.status).toBeLessThan(500);
  };
  // What fails is told with its seed.
  await fc.assert(fc.asyncProperty(call, send), { numRuns: 400 });
}, 120_000);
