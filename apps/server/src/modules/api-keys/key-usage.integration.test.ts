import { afterAll, beforeAll, expect, test } from "vitest";
import { graphql, rest } from "../../../test/doors.ts";
import { statementsOf } from "../../../test/statement-count.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let story: Story;
let acme: Team;
let globex: Team;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
  globex = await story.team("Globex Media");
});
afterAll(() => server.close());

interface Usage {
  readonly usage: readonly { readonly start: string; readonly calls: number; readonly refused: number }[];
  readonly refusals: readonly { readonly code: string; readonly calls: number }[];
}

const FIELDS = "usage(range: $range) { start calls refused } refusals(range: $range) { code calls }";

async function usageOf(id: string, range: string, person: Person = acme.owner): Promise<Usage | null> {
  const query = `query ($id: ID!, $range: UsageRange!) { apiKey(id: $id) { ${FIELDS} } }`;
  return (await graphql(server, person, query, { id, range })).data.apiKey;
}

/** Calls of an hour that began so long before the hour that the database is in, as the writer counts them. */
async function count(keyId: string, hoursAgo: number, code: string, calls: number, teamId = acme.id): Promise<void> {
  await server.sql(
    `INSERT INTO activity_hour (team_id, subject, hour, code, calls)
     VALUES ($1, $2, date_trunc('hour', now(), 'UTC') - make_interval(hours => $3), $4, $5)`,
    [teamId, keyId, hoursAgo, code, calls],
  );
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

test("each range has all its hours or days of UTC, also of a key that was never used", async () => {
  const { id } = await story.key(acme.owner);
  for (const [range, size, hours] of [
    ["LAST_24_HOURS", 24, 1],
    ["LAST_7_DAYS", 7, 24],
    ["LAST_30_DAYS", 30, 24],
  ] as const) {
    const found = await usageOf(id, range);
    const starts = found?.usage.map(({ start }) => Date.parse(start)) ?? [];
    expect(starts).toHaveLength(size);
    expect(starts.map((start) => start % (hours * 3_600_000))).toEqual(starts.map(() => 0));
    expect(new Set(starts.slice(1).map((start, index) => start - (starts[index] ?? 0)))).toEqual(
      new Set([hours * 3_600_000]),
    );
    const [clock] = await server.sql<{ now: Date }>("SELECT now() AS now");
    const age = (clock?.now.getTime() ?? 0) - (starts.at(-1) ?? 0);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(sum(found?.usage.map(({ calls, refused }) => calls + refused) ?? [])).toBe(0);
    expect(found?.refusals).toEqual([]);
  }
});

test("a key's calls are in the hour they were made, and refused ones by reason", async () => {
  const { id } = await story.key(acme.owner);
  await count(id, 0, "", 1_200);
  await count(id, 0, "permission_missing", 3);
  await count(id, 5, "rate_limited", 9);
  // An hour before the first that is asked for.
  await count(id, 24, "key_revoked", 100);
  const day = await usageOf(id, "LAST_24_HOURS");
  expect(day?.usage.at(-1)).toMatchObject({ calls: 1_203, refused: 3 });
  expect(day?.usage.at(-6)).toMatchObject({ calls: 9, refused: 9 });
  expect(sum(day?.usage.map(({ calls }) => calls) ?? [])).toBe(1_212);
  expect(day?.refusals).toEqual([
    { code: "rate_limited", calls: 9 },
    { code: "permission_missing", calls: 3 },
  ]);
  const week = await usageOf(id, "LAST_7_DAYS");
  expect(sum(week?.usage.map(({ calls }) => calls) ?? [])).toBe(1_312);
  expect(week?.refusals[0]).toEqual({ code: "key_revoked", calls: 100 });
});

test("days end at midnight of UTC", async () => {
  const { id } = await story.key(acme.owner);
  await server.sql(
    `INSERT INTO activity_hour (team_id, subject, hour, code, calls)
     SELECT $1, $2, date_trunc('day', now(), 'UTC') - make_interval(hours => ago), '', calls
       FROM (VALUES (1, 10), (0, 1), (24, 100), (25, 1000)) AS hours (ago, calls)`,
    [acme.id, id],
  );
  const found = await usageOf(id, "LAST_7_DAYS");
  expect(found?.usage.slice(-3).map(({ calls }) => calls)).toEqual([1_000, 110, 1]);
});

test("what doors answer is counted: calls that pass, and refused ones under their code", async () => {
  const { id, secret } = await story.key(acme.owner);
  await rest(server, { key: secret }, "GET", "/auth/me");
  await rest(server, { key: secret }, "GET", "/members");
  await rest(server, { key: secret }, "GET", "/members");
  await server.activity.flush();
  const found = await usageOf(id, "LAST_24_HOURS");
  // The hour may have changed meanwhile.
  expect(sum(found?.usage.map(({ calls }) => calls) ?? [])).toBe(3);
  expect(sum(found?.usage.map(({ refused }) => refused) ?? [])).toBe(2);
  expect(found?.refusals).toEqual([{ code: "permission_missing", calls: 2 }]);
});

test("nobody else learns of a key's calls, and no call of another team's key is counted", async () => {
  const { id } = await story.key(acme.owner);
  await count(id, 0, "", 7);
  // What no writer would store.
  await count(id, 0, "", 1_000, globex.id);
  const viewer = await story.member(acme, "viewer");
  expect(await usageOf(id, "LAST_7_DAYS", globex.owner)).toBeNull();
  expect(await usageOf(id, "LAST_7_DAYS", viewer)).toBeNull();
  expect((await usageOf(id, "LAST_7_DAYS"))?.usage.at(-1)?.calls).toBe(7);
});

test("a key asked for in another team than its own does not exist", async () => {
  const both = await story.member(globex, "admin");
  await server.services.teams.addMember(await story.contextOf(acme.owner), {
    teamId: acme.id,
    userId: both.id,
    role: "admin",
  });
  const { id } = await story.key(acme.owner);
  const query = "query ($id: ID!, $teamId: ID) { apiKey(id: $id, teamId: $teamId) { id } }";
  const find = async (teamId: string | null) => (await graphql(server, both, query, { id, teamId })).data.apiKey;
  expect(await find(acme.id)).toEqual({ id });
  expect(await find(null)).toEqual({ id });
  expect(await find(globex.id)).toBeNull();
});

test("the use of a page of keys is one statement a range, however many keys it has", async () => {
  const query = (first: number) =>
    `query ($range: UsageRange!) { apiKeys(first: ${first}) { nodes { id ${FIELDS} } } }`;
  for (const first of [1, 50]) {
    const { statements } = await statementsOf(() =>
      graphql(server, acme.owner, query(first), { range: "LAST_7_DAYS" }),
    );
    expect(statements.filter((text) => text.includes("activity_hour"))).toHaveLength(1);
  }
});
