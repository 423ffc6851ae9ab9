import { afterAll, beforeAll, expect, test } from "vitest";
import { graphql, rest } from "../../../test/doors.ts";
import { statementsOf } from "../../../test/statement-count.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let story: Story;
let acme: Team;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
});
afterAll(() => server.close());

interface Finding {
  readonly kind: string;
  readonly count: number;
  readonly keys: readonly { readonly id: string }[];
}

async function reviewBy(person: Person, first?: number): Promise<Finding[]> {
  const query = "query ($first: Int) { apiKeyReview(first: $first) { kind count keys { id } } }";
  const { data } = await graphql(server, person, query, first === undefined ? {} : { first });
  return data.apiKeyReview;
}

const findingsOf = (findings: readonly Finding[], id: string) =>
  findings.filter(({ keys }) => keys.some((key) => key.id === id)).map(({ kind }) => kind);

/** As if its last call had been so many days ago. */
const usedDaysAgo = (id: string, days: number) =>
  server.sql(
    `INSERT INTO api_key_last_used (key_id, last_used_at) VALUES ($1, now() - make_interval(days => $2))
     ON CONFLICT (key_id) DO UPDATE SET last_used_at = excluded.last_used_at`,
    [id, days],
  );

test("a team without keys, or with one that is well kept, has nothing to review", async () => {
  expect(await reviewBy(acme.owner)).toEqual([]);
  const key = await story.keyOf(acme.owner, 60, { permissions: ["members:read"], expiresInDays: 90 });
  await rest(server, { key: key.secret }, "GET", "/members");
  await Promise.all([server.activity.flush(), server.permissionUse.flush()]);
  expect(await reviewBy(acme.owner)).toEqual([]);
});

test.each([
  { made: 6, used: null, findings: [] },
  { made: 8, used: null, findings: ["NEVER_USED"] },
  { made: 200, used: 89, findings: ["UNUSED_30_DAYS"] },
  { made: 200, used: 91, findings: ["UNUSED_90_DAYS"] },
  { made: 20, used: 1, findings: [] },
  { made: 31, used: 1, findings: ["PERMISSIONS_NEVER_USED"] },
  { made: 200, used: 31, findings: ["UNUSED_30_DAYS"] },
])("a key made $made days ago and used $used days ago has the findings $findings", async ({ made, used, findings }) => {
  const key = await story.keyOf(acme.owner, made, { expiresInDays: 300 });
  if (used !== null) await usedDaysAgo(key.id, used);
  expect(findingsOf(await reviewBy(acme.owner), key.id)).toEqual(findings);
});

test("a permission that its creator's role has lost is not held against the key", async () => {
  const admin = await story.member(acme, "admin");
  const key = await story.keyOf(admin, 60, { permissions: ["members:read", "billing:read"], expiresInDays: 90 });
  await rest(server, { key: key.secret }, "GET", "/members");
  await Promise.all([server.activity.flush(), server.permissionUse.flush()]);
  expect(findingsOf(await reviewBy(acme.owner), key.id)).toEqual(["PERMISSIONS_NEVER_USED"]);
  await server.sql("UPDATE member SET role = 'viewer' WHERE id = $1", [admin.memberId]);
  expect(findingsOf(await reviewBy(acme.owner), key.id)).toEqual([]);
});

test("a key whose owner left or is banned has that finding alone, until the ban ends", async () => {
  const [leaver, banned] = [await story.member(acme, "admin"), await story.member(acme, "admin")];
  const left = await story.keyOf(leaver, 100);
  const stopped = await story.keyOf(banned, 100);
  expect(findingsOf(await reviewBy(acme.owner), left.id)).toEqual(["NEVER_USED", "NO_EXPIRY"]);
  await server.sql("DELETE FROM member WHERE id = $1", [leaver.memberId]);
  await server.sql(`UPDATE "user" SET banned_at = now() WHERE id = $1`, [banned.id]);
  const findings = await reviewBy(acme.owner);
  expect(findingsOf(findings, left.id)).toEqual(["OWNER_GONE"]);
  expect(findingsOf(findings, stopped.id)).toEqual(["OWNER_GONE"]);
  await server.sql(`UPDATE "user" SET ban_expires_at = now() - interval '1 second' WHERE id = $1`, [banned.id]);
  expect(findingsOf(await reviewBy(acme.owner), stopped.id)).toEqual(["NEVER_USED", "NO_EXPIRY"]);
});

test("revoked and expired keys are not reviewed", async () => {
  const revoked = await story.keyOf(acme.owner, 100);
  const expired = await story.keyOf(acme.owner, 100, { expiresInDays: 3 });
  await server.services.apiKeys.revoke(await story.contextOf(acme.owner), { id: revoked.id });
  const findings = await reviewBy(acme.owner);
  expect(findingsOf(findings, revoked.id)).toEqual([]);
  expect(findingsOf(findings, expired.id)).toEqual([]);
});

test("without api_keys:read one reviews one's own keys", async () => {
  const manager = await story.member(acme, "manager");
  const own = await story.member(acme, "admin");
  const key = await story.keyOf(own, 50);
  await server.sql("UPDATE member SET role = 'manager' WHERE id = $1", [own.memberId]);
  expect(await reviewBy(manager)).toEqual([]);
  const findings = await reviewBy(own);
  expect(findings.flatMap(({ keys }) => keys.map(({ id }) => id))).toEqual([key.id, key.id]);
});

test("of many keys the first are told and all are counted, by as many statements as for one", async () => {
  const globex = await story.team("Globex Media");
  const query = `query ($first: Int) { apiKeyReview(first: $first) { kind count keys { id permissionUse { lastUsed } } } }`;
  const ask = () => statementsOf(() => graphql(server, globex.owner, query, { first: 2 }));
  const oldest = await story.keyOf(globex.owner, 50);
  const { statements: forOne } = await ask();
  const next = await story.keyOf(globex.owner, 40);
  for (let made = 0; made < 3; made += 1) await story.keyOf(globex.owner, 20);
  const { statements, result } = await ask();
  expect(result.data.apiKeyReview).toMatchObject([
    { kind: "NEVER_USED", count: 5, keys: [{ id: oldest.id }, { id: next.id }] },
    { kind: "NO_EXPIRY", count: 5, keys: [{ id: oldest.id }, { id: next.id }] },
  ]);
  expect(statements).toHaveLength(forOne.length);
});

test("the number of keys that is asked for has a bound", async () => {
  const { errors } = await graphql(server, acme.owner, "{ apiKeyReview(first: 51) { kind } }");
  expect(errors[0]?.extensions["code"]).toBe("invalid_input");
});
