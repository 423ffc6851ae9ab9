import { afterAll, beforeAll, expect, test } from "vitest";
import { BAD_NEW_KEYS } from "../../../test/bad-inputs.ts";
import { graphql, rest, type GraphQLAnswer } from "../../../test/doors.ts";
import { Story, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let acme: Team;

beforeAll(async () => {
  server = await startTestServer();
  acme = await new Story(server).team("Acme Ads");
});
afterAll(() => server.close());

const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { __typename
  ... on InvalidInputError { code fields { path message } } } }`;

/** Wrong types never reach a resolver: GraphQL itself refuses them, naming the field in its sentence. */
function namedByGraphQL({ data, errors }: GraphQLAnswer): { code: unknown; names: (field: string) => boolean } {
  const failure = data?.createApiKey;
  if (failure?.__typename === "InvalidInputError") {
    const paths = failure.fields.map(({ path }: { path: string[] }) => path.join("."));
    return { code: failure.code, names: (field) => paths.includes(field) };
  }
  const sentences = errors.map(({ message }) => message).join(" ");
  return { code: errors[0]?.extensions.code, names: (field) => sentences.includes(field.split(".")[0] ?? "") };
}

test("there are at least 40 bad inputs", () => expect(BAD_NEW_KEYS.length).toBeGreaterThanOrEqual(40));

test.each(BAD_NEW_KEYS)(
  "%s is invalid_input in both doors, names its field, and makes no key",
  async (_what, input, fields) => {
    const answer = await rest(server, { person: acme.owner }, "POST", "/api-keys", { body: input });
    expect([answer.status, answer.body.code]).toEqual([422, "invalid_input"]);
    const paths = answer.body.errors.map(({ path }: { path: (string | number)[] }) => path.join("."));
    expect(paths).toEqual(expect.arrayContaining([...fields]));

    const named = namedByGraphQL(await graphql(server, acme.owner, CREATE, { input }));
    expect(named.code).toBe("invalid_input");
    for (const field of fields) expect(named.names(field), `GraphQL names ${field}`).toBe(true);

    expect(await server.sql("SELECT id FROM api_key")).toEqual([]);
    expect(await server.sql("SELECT id FROM audit_event WHERE action LIKE 'api_key%'")).toEqual([]);
  },
);

test("where both doors check with the same schema, they say the same words", async () => {
  for (const input of [
    { name: "", permissions: ["x"], expiresInDays: 0 },
    { name: "a\u202eb", permissions: [] },
  ]) {
    const { body } = await rest(server, { person: acme.owner }, "POST", "/api-keys", { body: input });
    const { data } = await graphql(server, acme.owner, CREATE, { input });
    const ours = (fields: { path: (string | number)[]; message: string }[]) =>
      fields.map(({ path, message }) => ({ path: path.map(String), message }));
    expect(ours(data.createApiKey.fields)).toEqual(ours(body.errors));
  }
});

test("good names of every script are kept as they are, in NFC", async () => {
  for (const name of [
    "x",
    "🔑".repeat(64),
    "مفتاح",
    "键",
    "Ünïcödé",
    "=1+1",
    "<img src=x onerror=alert(1)>",
    "a'b\"c`d",
  ]) {
    const { body, status } = await rest(server, { person: acme.owner }, "POST", "/api-keys", {
      body: { name, permissions: ["analytics:read"] },
    });
    expect([status, body.name]).toEqual([201, name]);
  }
  const decomposed = await rest(server, { person: acme.owner }, "POST", "/api-keys", {
    body: { name: "Cafe\u0301", permissions: ["analytics:read"] },
  });
  expect(decomposed.body.name).toBe("Caf\u00e9");
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
