import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { me } from "../../../test/doors.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";
import { DemoClock } from "../../demo/demo-clock.ts";
import { createNotificationRuns } from "./notification-runs.service.ts";
import { NOTIFICATION_JOBS, type NotificationJob } from "./occurrence.ts";

const PEPPER = { API_KEY_PEPPERS: `test:${randomBytes(32).toString("base64url")}` };
let server: TestServer;
let story: Story;
let acme: Team;
let admin: Person;
let manager: Person;

beforeAll(async () => {
  server = await startTestServer(PEPPER);
  story = new Story(server);
  acme = await story.team("Acme Ads");
  admin = await story.member(acme, "admin");
  manager = await story.member(acme, "manager");
});
beforeEach(async () => {
  await server.sql("DELETE FROM notification");
  await server.sql("DELETE FROM notification_run");
  await server.sql("DELETE FROM member WHERE team_id = $1 AND NOT user_id = ANY($2)", [
    acme.id,
    [acme.owner.id, admin.id, manager.id],
  ]);
  await server.sql("UPDATE member SET role = CASE id WHEN $1 THEN 'admin' ELSE 'manager' END WHERE id IN ($1, $2)", [
    admin.memberId,
    manager.memberId,
  ]);
});
afterAll(() => server.close());

/** What the schedule does so many days from now. */
async function run(days = 0, jobs: readonly NotificationJob[] = NOTIFICATION_JOBS, on = server): Promise<number> {
  const clock = new DemoClock();
  clock.daysAgo = -days;
  return on.servicesAt(clock.transactionTime).notificationRuns.run(jobs);
}

/** What somebody was told, oldest first: kind and threshold. */
async function toldTo({ id }: Person, keyId?: string): Promise<string[]> {
  const rows = await server.sql<{ told: string }>(
    `SELECT concat_ws(' ', kind, nullif(threshold, '')) AS told FROM notification
      WHERE user_id = $1 AND ($2::text IS NULL OR key_id = $2) ORDER BY at, kind`,
    [id, keyId ?? null],
  );
  return rows.map(({ told }) => told);
}

const isAbout = (key: { id: string }) => (person: Person) => toldTo(person, key.id);
const toAll = async (key: { id: string }, people: readonly Person[]) => Promise.all(people.map(isAbout(key)));

describe("changes by somebody else", () => {
  test("a creation is told to owners and admins, but not to whoever made the key", async () => {
    const key = await story.key(admin);
    const other = await story.member(acme, "admin");
    await run();
    expect(await toAll(key, [acme.owner, other, admin, manager])).toEqual([["KEY_CREATED"], ["KEY_CREATED"], [], []]);
  });

  test("a revocation is told to the creator, owners and admins, but not to whoever did it", async () => {
    const key = await story.key(admin);
    await server.sql("UPDATE member SET role = 'viewer' WHERE id = $1", [admin.memberId]);
    const other = await story.member(acme, "admin");
    await run();
    await server.services.apiKeys.revoke(await story.contextOf(acme.owner), { id: key.id });
    await run();
    expect(await toAll(key, [admin, other, acme.owner])).toEqual([
      ["KEY_REVOKED"],
      ["KEY_CREATED", "KEY_REVOKED"],
      ["KEY_CREATED"],
    ]);
  });

  test("one's own creation and revocation are told to nobody where one is alone", async () => {
    const alone = await story.team("Alone");
    const key = await story.key(alone.owner);
    await server.services.apiKeys.revoke(await story.contextOf(alone.owner), { id: key.id });
    await run();
    expect(await toldTo(alone.owner)).toEqual([]);
  });
});

describe("expiry", () => {
  const EXPIRY: readonly NotificationJob[] = ["expiry"];

  test("is told 14, 7 and 1 days before and when it happens, once each, to creator, owners and admins", async () => {
    const key = await story.key(admin, { expiresInDays: 20 });
    for (const days of [5.9, 6.1, 6.2, 12.9, 13.1, 18.9, 19.1, 19.9, 20.1, 25]) await run(days, EXPIRY);
    const all = ["KEY_EXPIRES 14", "KEY_EXPIRES 7", "KEY_EXPIRES 1", "KEY_EXPIRED 0"];
    expect(await toAll(key, [admin, acme.owner, manager])).toEqual([all, all, []]);
  });

  test("what was past when the key was made is left out", async () => {
    const five = await story.key(admin, { expiresInDays: 5 });
    const seven = await story.key(admin, { expiresInDays: 7 });
    const one = await story.key(admin, { expiresInDays: 1 });
    for (const days of [0, 0.5, 1.1, 4.1, 5.1, 6.1, 7.1]) await run(days, EXPIRY);
    const late = ["KEY_EXPIRES 1", "KEY_EXPIRED 0"];
    expect(await Promise.all([five, seven, one].map(({ id }) => toldTo(admin, id)))).toEqual([
      late,
      late,
      ["KEY_EXPIRED 0"],
    ]);
  });

  test("after an outage only the nearest is told, and nothing that is a month old", async () => {
    const key = await story.key(admin, { expiresInDays: 40 });
    await run(0, EXPIRY);
    await run(39.5, EXPIRY);
    expect(await toldTo(admin, key.id)).toEqual(["KEY_EXPIRES 1"]);
    await run(75, EXPIRY);
    expect(await toldTo(admin, key.id)).toEqual(["KEY_EXPIRES 1"]);
  });

  test("a revoked key expires without a word", async () => {
    const key = await story.key(admin, { expiresInDays: 20 });
    await server.services.apiKeys.revoke(await story.contextOf(admin), { id: key.id });
    for (const days of [6.1, 13.1, 19.1, 20.1]) await run(days, EXPIRY);
    expect(await toldTo(admin, key.id)).toEqual([]);
  });
});

describe("whom", () => {
  test("owners and admins are those of the moment it is sent, and a creator who left is told nothing", async () => {
    const leaver = await story.member(acme, "admin");
    const key = await story.key(leaver, { expiresInDays: 20 });
    await server.sql("UPDATE member SET role = 'manager' WHERE id = $1", [admin.memberId]);
    await server.sql("UPDATE member SET role = 'admin' WHERE id = $1", [manager.memberId]);
    await server.sql("DELETE FROM member WHERE user_id = $1", [leaver.id]);
    await run(6.1, ["expiry"]);
    expect(await toAll(key, [admin, manager, leaver])).toEqual([[], ["KEY_EXPIRES 14"], []]);
  });

  test("who becomes an admin afterwards is not told what was told before", async () => {
    const key = await story.key(admin, { expiresInDays: 20 });
    await run(6.1, ["expiry"]);
    await server.sql("UPDATE member SET role = 'admin' WHERE id = $1", [manager.memberId]);
    await run(6.2, ["expiry"]);
    expect(await toldTo(manager, key.id)).toEqual([]);
  });

  test("another team is told nothing", async () => {
    const globex = await story.team("Globex Media");
    await story.key(admin, { expiresInDays: 20 });
    await run(6.1);
    expect(await toldTo(globex.owner)).toEqual([]);
  });
});

describe("unused keys", () => {
  const UNUSED: readonly NotificationJob[] = ["unused"];

  test("a key that was never used is told of 90 days after it was made, once", async () => {
    const key = await story.keyOf(admin, 60);
    await run(29.9, UNUSED);
    expect(await toldTo(admin, key.id)).toEqual([]);
    await run(30.1, UNUSED);
    await run(31, UNUSED);
    expect(await toAll(key, [admin, acme.owner])).toEqual([
      [expect.stringMatching(/^KEY_UNUSED 20\d\d-/)],
      [expect.stringMatching(/^KEY_UNUSED 20\d\d-/)],
    ]);
  });

  test("a key that was used is told of 90 days after its last call, and again after another silence", async () => {
    const key = await story.keyOf(admin, 100);
    await server.sql("INSERT INTO api_key_last_used (key_id, last_used_at) VALUES ($1, now() - interval '50 days')", [
      key.id,
    ]);
    await run(39.9, UNUSED);
    expect(await toldTo(admin, key.id)).toEqual([]);
    await run(40.1, UNUSED);
    expect(await toldTo(admin, key.id)).toHaveLength(1);
    await server.sql("UPDATE api_key_last_used SET last_used_at = now() + interval '45 days' WHERE key_id = $1", [
      key.id,
    ]);
    await run(134.9, UNUSED);
    expect(await toldTo(admin, key.id)).toHaveLength(1);
    await run(135.1, UNUSED);
    expect(await toldTo(admin, key.id)).toHaveLength(2);
  });

  test("revoked and expired keys are left out", async () => {
    const revoked = await story.keyOf(admin, 60);
    const expired = await story.keyOf(admin, 60, { expiresInDays: 70 });
    await server.services.apiKeys.revoke(await story.contextOf(admin), { id: revoked.id });
    await run(30.1, UNUSED);
    expect([await toldTo(admin, revoked.id), await toldTo(admin, expired.id)]).toEqual([[], []]);
  });
});

describe("limits", () => {
  const limitsToldTo = async ({ id }: Person) =>
    server.sql(
      `SELECT CASE WHEN person_id IS NULL THEN 'team' ELSE 'creator' END AS scope, reached_limit AS "limit"
         FROM notification WHERE user_id = $1 AND kind = 'KEY_LIMIT_REACHED' ORDER BY at`,
      [id],
    );

  test("the creation that takes the last key of a plan is told once a day and cap", async () => {
    const globex = await story.team("Globex Media", "starter");
    const second = await story.member(globex, "admin");
    for (let made = 0; made < 4; made += 1) await story.key(second);
    await run(0, ["key-limit"]);
    expect(await limitsToldTo(globex.owner)).toEqual([]);

    const fifth = await story.key(second);
    await run(0, ["key-limit"]);
    await server.services.apiKeys.revoke(await story.contextOf(second), { id: fifth.id });
    await story.key(second);
    await run(0, ["key-limit"]);
    const creators = { scope: "creator", limit: 5 };
    expect([await limitsToldTo(globex.owner), await limitsToldTo(second)]).toEqual([[creators], [creators]]);

    for (let made = 0; made < 5; made += 1) await story.key(globex.owner);
    await run(0, ["key-limit"]);
    expect(await limitsToldTo(second)).toEqual(expect.arrayContaining([creators, { scope: "team", limit: 10 }]));
    expect(await limitsToldTo(second)).toHaveLength(3);
  });

  test("a key that was refused for its rate limit is told of once a day", async () => {
    const key = await story.key(admin);
    await server.sql("UPDATE subscription SET requests_per_minute = 1 WHERE team_id = $1", [acme.id]);
    const statuses = [await me(server, key.secret), await me(server, key.secret)].map(({ status }) => status);
    expect(statuses).toEqual([200, 429]);
    await server.activity.flush();
    await run(0, ["rate-limit"]);
    await run(0.5, ["rate-limit"]);
    expect(await toAll(key, [admin, acme.owner, manager])).toEqual([
      [expect.stringMatching(/^RATE_LIMIT_REACHED 20/)],
      [expect.stringMatching(/^RATE_LIMIT_REACHED 20/)],
      [],
    ]);
  });
});

describe("many processes", () => {
  test("that run the same jobs at once tell everybody everything once", async () => {
    const second = await startTestServer(PEPPER, server.databaseUrl);
    try {
      const keys = await Promise.all(Array.from({ length: 12 }, () => story.key(admin, { expiresInDays: 20 })));
      const written = await Promise.all([server, second, server, second].map((on) => run(6.1, NOTIFICATION_JOBS, on)));
      for (const key of keys) expect(await toldTo(acme.owner, key.id)).toEqual(["KEY_CREATED", "KEY_EXPIRES 14"]);
      const [row] = await server.sql<{ count: number }>("SELECT count(*)::int FROM notification");
      expect(written.reduce((sum, count) => sum + count)).toBe(row?.count);
    } finally {
      await second.close();
    }
  });

  test("a look that takes many batches leaves nothing out, and tells nothing twice", async () => {
    const alone = await story.team("Alone");
    for (let made = 0; made < 5; made += 1) await story.key(alone.owner);
    const keys = [];
    for (let made = 0; made < 7; made += 1) keys.push(await story.key(admin));
    const { transactionTime } = new DemoClock();
    const runs = createNotificationRuns({ database: server.services.database, transactionTime, batchSize: 2 });
    await runs.run(["created"]);
    await runs.run(["created"]);
    for (const key of keys) expect(await toldTo(acme.owner, key.id)).toEqual(["KEY_CREATED"]);
  });
});
