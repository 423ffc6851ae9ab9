import { PERMISSION_NAMES } from "@latchkey/types/permissions";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createRestRouter } from "../src/platform/rest/router.ts";
import {
  CANARY,
  CONFIDENTIAL,
  createCast,
  PRINCIPALS,
  type Cast,
  type Principal,
  type PrincipalName,
  type Target,
} from "./authorisation/cast.ts";
import { operationsOfContract } from "./authorisation/contract.ts";
import { ROWS, type Call, type Outcome, type Row } from "./authorisation/operations.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
let cast: Cast;

beforeAll(async () => {
  // Limits that can be emptied: each principal asks hundreds of questions.
  server = await startTestServer({ LIMITER: "postgres" });
  cast = await createCast(server);
});
beforeEach(() => server.sql("TRUNCATE rate_bucket"));
afterAll(() => server.close());

interface Answer {
  readonly outcome: Outcome;
  readonly text: string;
  /** All of the answer but what names this very request. */
  readonly comparable: unknown;
}

const OF_THIS_REQUEST = new Set(["x-request-id", "date", "ratelimit"]);
const named = new Set<string>();

async function send(call: Call, principal: Principal): Promise<Answer> {
  const isGraphQL = "query" in call;
  const sent = isGraphQL ? { query: call.query, variables: call.variables } : call.body;
  const body = sent === undefined ? "" : JSON.stringify(sent);
  const response = await server.fetch(isGraphQL ? "/graphql" : `/api/v1${call.path}`, {
    method: isGraphQL ? "POST" : call.method,
    headers: {
      origin: server.origin,
      ...(body === "" ? {} : { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) }),
      ...(principal.kind === "person" ? { cookie: principal.person.cookie } : {}),
      ...(principal.kind === "key" ? { "x-api-key": principal.secret } : {}),
    },
    ...(body === "" ? {} : { body }),
  });
  const text = await response.text();
  for (const [, permission] of text.matchAll(/"requiredPermission":"([^"]+)"/g)) named.add(permission ?? "");
  const headers = [...response.headers].filter(([name]) => !OF_THIS_REQUEST.has(name));
  const bare = text.replace(/"requestId":"[^"]*"/g, "").replace(/"instance":"[^"]*"/g, "");
  const outcome = isGraphQL ? outcomeOfGraphQL(text) : outcomeOfRest(response.status, text);
  return { outcome, text, comparable: [response.status, headers, bare] };
}

function outcomeOfGraphQL(text: string): Outcome {
  const { data, errors } = JSON.parse(text) as {
    data?: Record<string, { code?: Outcome } | null> | null;
    errors?: { extensions: { code: Outcome } }[];
  };
  if (errors?.[0] !== undefined) return errors[0].extensions.code;
  const field = Object.entries(data ?? {})[0];
  // Nobody's viewer is null for everybody; a key that is null is one that is not there.
  if (field?.[1] === null) return field[0] === "viewer" ? "ok" : "null";
  return field?.[1]?.code ?? "ok";
}

function outcomeOfRest(status: number, text: string): Outcome {
  return status < 400 ? "ok" : (JSON.parse(text) as { code: Outcome }).code;
}

/** What a principal is to be told about what is not theirs, and about nothing. */
function expectedAway({ own, away }: Row, name: PrincipalName): Outcome {
  const told = away?.[name];
  if (told !== undefined) return told;
  const isJudgedBeforeTheId = name === "anonymous" || name === "bareKey" || (name === "key" && own.key !== "ok");
  return isJudgedBeforeTheId ? own[name] : own.outsider;
}

async function ask(row: Row, target: Target, name: PrincipalName): Promise<Answer> {
  const principal = cast.principals[name];
  const call = await row.call(target, principal);
  const before = row.isChanging ? await cast.digest() : "";
  const answer = await send(call, principal);
  if (row.isChanging && answer.outcome !== "ok") expect(await cast.digest(), "a refusal changes nothing").toBe(before);
  if (row.isChanging) await cast.restore();
  return answer;
}

const SEES_CONFIDENTIAL: ReadonlySet<PrincipalName> = new Set(["admin", "owner", "superAdmin", "key"]);

describe.each(ROWS.map((row) => [`${row.operation} ${row.id ?? ""}`.trim(), row] as const))("%s", (_name, row) => {
  test.each(PRINCIPALS)("by %s: what is theirs by right, and nothing else", async (name) => {
    const own = await ask(row, cast.own, name);
    expect(own.outcome).toBe(row.own[name]);
    if (!SEES_CONFIDENTIAL.has(name)) expect(own.text).not.toMatch(CONFIDENTIAL);
    if (name !== "superAdmin") expect(own.text).not.toMatch(CANARY);
    if (row.id === null) return;

    const foreign = await ask(row, cast.foreign, name);
    const random = await ask(row, cast.random, name);
    if (name === "superAdmin") {
      expect([foreign.outcome, random.outcome]).toEqual([row.superAdminAway ?? "ok", expectedAway(row, name)]);
      return;
    }
    expect(foreign.text).not.toMatch(CANARY);
    expect([foreign.outcome, random.outcome]).toEqual([expectedAway(row, name), expectedAway(row, name)]);
    expect(foreign.comparable, "what is foreign and what is nothing are one answer").toEqual(random.comparable);
  });
});

describe("the matrix is whole", () => {
  const contract = operationsOfContract();
  const placesOf = (name: string, ids: readonly string[]) =>
    ids.length === 0 ? [name] : ids.map((id) => `${name} ${id}`);

  test("every operation of schema.graphql and openapi.json, and every id in it, has a row", () => {
    expect(contract.length).toBeGreaterThan(25);
    const rows = ROWS.map(({ operation, id }) => (id === null ? operation : `${operation} ${id}`));
    expect(rows.toSorted()).toEqual(contract.flatMap(({ name, ids }) => placesOf(name, ids)).toSorted());
  });

  test("no REST route answers that is not in openapi.json", () => {
    const documented = new Set(contract.map(({ name }) => name));
    const answering = createRestRouter()
      .routes.filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path.replace("/api/v1", "").replace(/:(\w+)/g, "{$1}") || "/"}`);
    expect(new Set(answering.filter((route) => !documented.has(route)))).toEqual(new Set());
  });
});

/** They are the product's around Latchkey: a key carries them to whatever it guards. */
const OF_THE_PRODUCT = /^(analytics|reports|campaigns|ad_accounts):/;
/** Whoever holds api_keys:read holds this too, and to everybody else the key is not there: its policy's test shows it. */
const NEVER_ALONE = ["api_keys:revoke"];

test("every permission that is Latchkey's own guards something: some refusal above named it", () => {
  const own = PERMISSION_NAMES.filter((name) => !OF_THE_PRODUCT.test(name));
  expect(own.filter((name) => !named.has(name))).toEqual(own.filter((name) => NEVER_ALONE.includes(name)));
});
