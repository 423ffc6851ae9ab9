import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withCommitsFailing, withDeathAtCommit } from "../../../test/database/commit-trouble.ts";
import { graphql, me, rest, type RestAnswer } from "../../../test/doors.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

// A creation with an idempotency key happens once (spec §7), however often it is repeated, and wherever.

const SECRETS = {
  BETTER_AUTH_SECRET: "qW3rTy7uIoP1aSdF5gHjK9lZxCvB2nM4qW3rTy7uIoP",
  API_KEY_PEPPERS: "shared:mN8bVcX2zLkJ6hGfD4sApO1iUyT9rEwQmN8bVcX2zLk",
};
const AT_ONCE = 20;
const KEY = { name: "Made once", permissions: ["analytics:read", "reports:read"], expiresInDays: 30 };
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { __typename
  ... on CreateApiKeyPayload { key apiKey { id name status } } ... on Error { code message }
  ... on InvalidInputError { fields { path message } } } }`;

let server: TestServer;
/** Another process on the same database, with the same secrets; it could be one that was started later. */
let other: TestServer;
let story: Story;
let team: Team;
let admin: Person;

beforeAll(async () => {
  server = await startTestServer(SECRETS);
  other = await startTestServer(SECRETS, server.databaseUrl);
  story = new Story(server);
  team = await story.team("Acme Ads");
  await server.sql("UPDATE subscription SET requests_per_minute = 1000000 WHERE team_id = $1", [team.id]);
  admin = await story.member(team, "admin");
});
afterAll(async () => {
  await other.close();
  await server.close();
});

let counter = 0;
const newKey = () => `call-${(counter += 1)}`;

interface Options {
  readonly person?: Person;
  readonly body?: object;
  readonly at?: TestServer;
}

const inRest = (idempotencyKey: string, { person = admin, body = KEY, at = server }: Options = {}) =>
  rest(at, { person }, "POST", "/api-keys", { body, headers: { "idempotency-key": idempotencyKey } });
const inGraphQL = async (idempotencyKey: string, { person = admin, body = KEY, at = server }: Options = {}) =>
  (await graphql(at, person, CREATE, { input: { ...body, idempotencyKey } })).data.createApiKey;

const keysCalled = (name: string) => server.sql<{ id: string }>("SELECT id FROM api_key WHERE name = $1", [name]);
const creationsOf = (id: string) =>
  server.sql("SELECT id FROM audit_event WHERE target_id = $1 AND action = 'api_key.created'", [id]);
const rowsOf = (key: string) => server.sql<object>("SELECT * FROM idempotency WHERE key = $1", [key]);
const age = (key: string, interval: string) =>
  server.sql("UPDATE idempotency SET created_at = now() - $2::interval WHERE key = $1", [key, interval]);

function expectReplay({ status, headers, body }: RestAnswer, id: string): void {
  expect({ status, replayed: headers.get("idempotency-replayed"), id: body.id, key: body.key }).toEqual({
    status: 200,
    replayed: "true",
    id,
    key: null,
  });
}

describe("a repeated creation", () => {
  test("makes no second key and no second event, and answers with the record alone", async () => {
    const key = newKey();
    const first = await inRest(key);
    expect(first.status).toBe(201);
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect((await me(server, first.body.key)).status).toBe(200);
    const { id } = first.body;

    const second = await inRest(key);
    expectReplay(second, id);
    expect(second.body).toEqual({
      ...(await rest(server, { person: admin }, "GET", `/api-keys/${id}`)).body,
      key: null,
    });
    expect(await creationsOf(id)).toHaveLength(1);
  });

  test("is recognised in another process, and by what it means: null as left out, spaces around the name", async () => {
    const key = newKey();
    const { id } = (await inRest(key)).body;
    expectReplay(await inRest(key, { at: other }), id);
    const sameMeaning = { replacesId: null, teamId: team.id, ...KEY, name: "  Made once " };
    expectReplay(await inRest(key, { body: sameMeaning }), id);
  });

  test("is the same call through the other door", async () => {
    const key = newKey();
    const made = await inGraphQL(key);
    expect(made.key).toMatch(/^lk_/);
    expect(await inGraphQL(key)).toEqual({ ...made, key: null });
    expectReplay(await inRest(key), made.apiKey.id);
  });

  test("shows the key as it is now: revoked, renamed", async () => {
    const key = newKey();
    const { id } = (await inRest(key)).body;
    const context = await story.contextOf(admin);
    await server.services.apiKeys.rename(context, { id, name: "Renamed" });
    await server.services.apiKeys.revoke(context, { id });
    expect(await inGraphQL(key)).toMatchObject({ key: null, apiKey: { id, name: "Renamed", status: "REVOKED" } });
  });

  test("with another input is refused in both doors, and nothing is made", async () => {
    const key = newKey();
    await inRest(key);
    const body = { ...KEY, name: "Never made" };
    const { status, body: problem } = await inRest(key, { body });
    expect(status).toBe(422);
    expect(problem).toMatchObject({
      code: "idempotency_conflict",
      type: `${server.origin}/docs/errors#idempotency_conflict`,
    });
    expect(problem.detail).toContain("used within the last 24 hours for another input");
    expect(await inGraphQL(key, { body })).toMatchObject({
      __typename: "ConflictError",
      code: "idempotency_conflict",
    });
    expect(await keysCalled("Never made")).toEqual([]);
  });

  test("is recognised before a cap, a cancelled subscription or a lost role could refuse it", async () => {
    const small = await story.team("Globex Media", "starter");
    const maker = await story.member(small, "admin");
    const asMaker = { person: maker };
    const made: { key: string; id: string }[] = [];
    for (let index = 0; index < 5; index += 1) {
      const key = newKey();
      made.push({ key, id: (await inRest(key, asMaker)).body.id });
    }
    const last = made.at(-1) ?? { key: "", id: "" };
    expect((await inRest(newKey(), asMaker)).body.code).toBe("key_limit_reached");
    expectReplay(await inRest(last.key, asMaker), last.id);
    await server.sql("UPDATE subscription SET status = 'canceled' WHERE team_id = $1", [small.id]);
    expect((await inRest(newKey(), asMaker)).body.code).toBe("subscription_inactive");
    expectReplay(await inRest(last.key, asMaker), last.id);
    await server.sql("UPDATE member SET role = 'viewer' WHERE id = $1", [maker.memberId]);
    expect((await inRest(newKey(), asMaker)).body.code).toBe("permission_missing");
    expectReplay(await inRest(last.key, asMaker), last.id);
    await server.sql("DELETE FROM member WHERE id = $1", [maker.memberId]);
    expect((await inRest(last.key, { person: maker, body: { ...KEY, teamId: small.id } })).status).toBe(404);
  });
});

describe("an idempotency key", () => {
  test("belongs to one person in one team", async () => {
    const key = newKey();
    const { id } = (await inRest(key)).body;
    const byOwner = await inRest(key, { person: team.owner });
    expect(byOwner.status).toBe(201);
    expect(byOwner.body.id).not.toBe(id);

    const elsewhere = await story.team("Initech");
    await server.services.teams.addMember(await story.contextOf(elsewhere.owner), {
      teamId: elsewhere.id,
      userId: admin.id,
      role: "admin",
    });
    expect((await inRest(key, { body: { ...KEY, teamId: elsewhere.id } })).status).toBe(201);
    expectReplay(await inRest(key), id);
  });

  test("counts for 24 hours; then it makes another key, and old rows go", async () => {
    const [key, old] = [newKey(), newKey()];
    const { id } = (await inRest(key)).body;
    await inRest(old);
    await age(key, "23 hours 59 minutes");
    expectReplay(await inRest(key), id);
    await age(key, "24 hours");
    await age(old, "25 hours");
    const body = { ...KEY, name: "A day later" };
    const again = await inRest(key, { body });
    expect(again.status).toBe(201);
    expect(again.body.id).not.toBe(id);
    expectReplay(await inRest(key, { body }), again.body.id);
    expect(await rowsOf(old)).toEqual([]);
  });

  test("is spent by what was made, not by what was refused", async () => {
    const key = newKey();
    expect((await inRest(key, { body: { ...KEY, permissions: ["members:manage"] } })).status).toBe(422);
    expect((await inRest(key)).status).toBe(201);
  });

  test.each([
    ["an empty one", ""],
    ["256 characters", "x".repeat(256)],
    ["a space inside", "two words"],
    ["two headers", "one, two"],
    ["characters beyond ASCII", "clé"],
    ["a tab inside", "one\ttwo"],
  ])("%s is refused with what it has to be, and nothing is made", async (_what, key) => {
    const name = "Not made for its header";
    const { status, body } = await inRest(key, { body: { ...KEY, name } });
    expect(status).toBe(422);
    expect(body.code).toBe("invalid_input");
    const message = "An idempotency key is 1 to 255 visible ASCII characters without spaces, and is sent once.";
    expect(body.errors).toEqual([{ path: ["Idempotency-Key"], message }]);
    expect(await inGraphQL(key, { body: { ...KEY, name } })).toMatchObject({
      __typename: "InvalidInputError",
      fields: [{ path: ["idempotencyKey"], message }],
    });
    expect(await keysCalled(name)).toEqual([]);
  });

  test("may be 255 characters of any visible ASCII, and two headers arrive as one with a comma", async () => {
    const printable = String.fromCharCode(...Array.from({ length: 94 }, (_, index) => 0x21 + index));
    const longest = printable.repeat(3).slice(0, 255);
    const { id } = (await inRest(longest)).body;
    expectReplay(await inRest(longest), id);
    const headers = new Headers();
    headers.append("idempotency-key", "one");
    headers.append("idempotency-key", "two");
    expect(headers.get("idempotency-key")).toBe("one, two");
  });

  test("is a header in REST and not a field of the body; null in GraphQL is none", async () => {
    const { status, body } = await rest(server, { person: admin }, "POST", "/api-keys", {
      body: { ...KEY, idempotencyKey: newKey() },
    });
    expect({ status, errors: body.errors }).toEqual({
      status: 422,
      errors: [{ path: ["idempotencyKey"], message: "There is no such field." }],
    });
    const none = { ...KEY, idempotencyKey: null };
    const [one, two] = [
      await graphql(server, admin, CREATE, { input: none }),
      await graphql(server, admin, CREATE, { input: none }),
    ];
    expect(one.data.createApiKey.apiKey.id).not.toBe(two.data.createApiKey.apiKey.id);
  });

  test("leaves neither the secret nor a guessable hash of the input behind", async () => {
    const key = newKey();
    const { body } = await inRest(key);
    const [row, ...more] = await server.sql<{ input_hash: Buffer; row: string }>(
      "SELECT input_hash, row_to_json(i)::text AS row FROM idempotency i WHERE key = $1",
      [key],
    );
    expect(more).toEqual([]);
    expect(row?.row).not.toContain(body.key.slice(8));
    await inRest(`${key}-twin`);
    const [twin] = await server.sql<{ input_hash: Buffer }>("SELECT input_hash FROM idempotency WHERE key = $1", [
      `${key}-twin`,
    ]);
    expect(twin?.input_hash).toEqual(row?.input_hash);
    // Another deployment's hash of the same input tells nothing about this one's.
    const stranger = await startTestServer(
      { ...SECRETS, BETTER_AUTH_SECRET: "zX9cVb3nMaS7dFgHj1kLqW5eRtYuI0oPzX9cVb3nMaS" },
      server.databaseUrl,
    );
    try {
      const foreign = { ...(await story.contextOf(admin)) };
      await stranger.services.apiKeys.create(foreign, { ...KEY, idempotencyKey: `${key}-foreign` });
      const [strange] = await server.sql<{ input_hash: Buffer }>("SELECT input_hash FROM idempotency WHERE key = $1", [
        `${key}-foreign`,
      ]);
      expect(strange?.input_hash).not.toEqual(row?.input_hash);
    } finally {
      await stranger.close();
    }
  });
});

describe(`${AT_ONCE} calls at once with one idempotency key`, () => {
  /** Through both doors of two processes. */
  async function callAtOnce(key: string, body: object) {
    const calls = Array.from({ length: AT_ONCE }, async (_, index) => {
      const at = index % 2 === 0 ? server : other;
      if (index % 4 < 2) {
        const { status, body: answer } = await inRest(key, { at, body });
        return { id: answer.id, key: answer.key, outcome: String(status) };
      }
      const { data, errors } = await graphql(at, admin, CREATE, { input: { ...body, idempotencyKey: key } });
      if (errors.length > 0) return { id: undefined, key: undefined, outcome: "500" };
      const { apiKey, key: secret } = data.createApiKey;
      return { id: apiKey.id, key: secret, outcome: secret === null ? "200" : "201" };
    });
    return Promise.all(calls);
  }

  test("make one key: one answer has the secret, all others are replays", async () => {
    const body = { ...KEY, name: "One of twenty" };
    const answers = await callAtOnce(newKey(), body);
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual([
      ...Array<string>(AT_ONCE - 1).fill("200"),
      "201",
    ]);
    const made = await keysCalled(body.name);
    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set(made.map(({ id }) => id)));
    expect(made).toHaveLength(1);
    expect(await creationsOf(made[0]?.id ?? "")).toHaveLength(1);
    const secrets = answers.flatMap(({ key }) => (typeof key === "string" ? [key] : []));
    expect(secrets).toHaveLength(1);
    expect((await me(other, secrets[0] ?? "")).body.key.id).toBe(made[0]?.id);
  });

  test("make one key also when the first of them fails at its commit: the next creates it", async () => {
    const body = { ...KEY, name: "At the second attempt" };
    const answers = await withCommitsFailing(server, 1, () => callAtOnce(newKey(), body));
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual([
      ...Array<string>(AT_ONCE - 2).fill("200"),
      "201",
      "500",
    ]);
    const made = await keysCalled(body.name);
    expect(made).toHaveLength(1);
    expect(await creationsOf(made[0]?.id ?? "")).toHaveLength(1);
  });

  test("in one process do not wait out each other's patience, whatever else the team creates", async () => {
    const key = newKey();
    const others = Array.from({ length: AT_ONCE }, () => inRest(newKey(), { body: { ...KEY, name: "Crowd" } }));
    const answers = await Promise.all([...others, ...Array.from({ length: AT_ONCE }, () => inRest(key))]);
    expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual(
      Array<number>(AT_ONCE + 1).fill(201),
    );
  });
});

test("a creation whose process dies before its commit leaves nothing, and its repetition makes the key", async () => {
  const key = newKey();
  const body = { ...KEY, name: "Survived its process" };
  const died = await withDeathAtCommit(server, () => inRest(key, { at: other, body }));
  expect(died.status).toBe(503);
  expect(await rowsOf(key)).toEqual([]);
  expect(await keysCalled(body.name)).toEqual([]);
  const again = await inRest(key, { body });
  expect(again.status).toBe(201);
  expectReplay(await inRest(key, { at: other, body }), again.body.id);
});
