import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "../../../test/database/test-database.ts";
import { me } from "../../../test/doors.ts";
import {
  expectExactBurst,
  expectTenSignInsTried,
  startLimitedProcesses,
  type LimitedProcesses,
} from "../../../test/limited-processes.ts";
import { findFreePort } from "../../platform/database/postgres-process.ts";
import { statementsOf } from "../../../test/statement-count.ts";
import { Story } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";
import { answeredWithin } from "../../../test/within.ts";

// Processes of their own that serve one database, and what a limit is over all of them.

let processes: LimitedProcesses;
let server: TestServer;
let story: Story;
let settings: Readonly<Record<string, string>>;

beforeAll(async () => {
  processes = await startLimitedProcesses(2, { LIMITER: "postgres" });
  ({ server, settings } = processes);
  story = new Story(server);
});
afterAll(() => processes.close());

test.each([1, 2])(
  "200 calls as fast as they go on a key of 60 a minute, over %i of two processes: 60 plus what refilled",
  (count) =>
    expectExactBurst(processes.addresses.slice(0, count), () => processes.newKey(60), { calls: 200, limit: 60 }),
);

test("a verified call costs one statement when its key is known: the one that takes the token", async () => {
  const { secret } = await story.key((await story.team("Warm")).owner);
  const statements = async () => (await statementsOf(() => me(server, secret))).statements;
  await expect.poll(statements).toEqual([expect.stringContaining("INSERT INTO rate_bucket")]);
});

test("24 wrong sign-ins at once for one account over both: 10 are tried", () =>
  expectTenSignInsTried(processes.addresses));

test("with the limits in memory a graceful stop keeps them, and a crash refills", async () => {
  // Of its own: a process that is set to memory moves everybody there.
  const own = await createTestDatabase();
  const start = () => startTestServer({ ...settings, LIMITER: "memory" }, own.url);
  const first = await start();
  const ownStory = new Story(first);
  const { owner, id } = await ownStory.team("Memory");
  await first.sql("UPDATE subscription SET requests_per_minute = 1 WHERE team_id = $1", [id]);
  const { secret } = await ownStory.key(owner);
  expect(first.logLines.join("")).toContain("LIMITER=memory: each process counts by itself");
  expect((await me(first, secret)).status).toBe(200);
  expect((await me(first, secret)).status).toBe(429);
  await first.close();

  const second = await start();
  expect((await me(second, secret)).status).toBe(429);
  // Whoever crashes writes nothing, and PostgreSQL empties an unlogged table when it crashes too.
  await second.sql("TRUNCATE rate_bucket");
  const third = await start();
  expect((await me(third, secret)).status).toBe(200);
  await Promise.all([second.close(), third.close()]);
  await own.drop();
});

test("a bucket that cannot be asked for a token is 503 within 2 s, never a pass", async () => {
  const { secret } = await story.key((await story.team("Away")).owner);
  const locker = new pg.Client({ connectionString: processes.databaseUrl });
  await locker.connect();
  try {
    await locker.query("BEGIN; LOCK TABLE rate_bucket IN ACCESS EXCLUSIVE MODE");
    const { status, body } = await answeredWithin(2_000, () => me(server, secret));
    expect([status, body.code]).toEqual([503, "unavailable"]);
  } finally {
    await locker.end();
  }
  expect((await me(server, secret)).status).toBe(200);
});

describe("the store in use", () => {
  test("is every process's: one that is set to another moves all, and each key has one token left to begin with", async () => {
    const { owner, id } = await story.team("Moved");
    await server.sql("UPDATE subscription SET requests_per_minute = 2 WHERE team_id = $1", [id]);
    const { secret } = await story.key(owner);
    const admitted = () => me(server, secret).then(({ status, headers }) => [status, headers.get("ratelimit")]);
    expect(await admitted()).toEqual([200, '"key";r=1;t=30']);
    const mover = await startTestServer({ ...settings, LIMITER: "memory" }, processes.databaseUrl);
    expect(await admitted()).toEqual([200, '"key";r=0;t=60']);
    expect(server.logLines.join("")).toContain("LIMITER=memory: each process counts by itself");
    await mover.close();
    const back = await startTestServer({ ...settings, LIMITER: "postgres" }, processes.databaseUrl);
    expect((await server.sql("SELECT kind, generation FROM limiter_store"))[0]).toEqual({
      kind: "postgres",
      generation: 3,
    });
    await back.close();
  });

  test("that a process cannot reach makes it answer 503 to what is limited, and only that", async () => {
    const { secret } = await story.key((await story.team("Out of reach")).owner);
    const port = await findFreePort();
    // Nothing listens there: whoever is set to it cannot move anybody to it, and goes on with the store in use.
    const REDIS_URL = `redis://127.0.0.1:${port}`;
    const late = await startTestServer({ ...settings, LIMITER: "redis", REDIS_URL }, processes.databaseUrl);
    expect([(await me(server, secret)).status, (await me(late, secret)).status]).toEqual([200, 200]);
    expect(late.logLines.join("")).toContain("Redis is not reachable");

    await server.sql("UPDATE limiter_store SET kind = 'redis', location = $1, generation = generation + 1", [
      `127.0.0.1:${port}/0`,
    ]);
    await server.sql("SELECT pg_notify('latchkey', 'l:store')");
    await expect.poll(async () => (await answeredWithin(2_000, () => me(server, secret))).status).toBe(503);
    await expect.poll(async () => (await me(late, secret)).body.code).toBe("unavailable");
    expect((await me(server, "lk_wrong")).status).toBe(401);
    expect((await server.fetch("/livez")).status).toBe(200);
    expect(server.logLines.join("")).toContain("Set REDIS_URL to it, and restart");
    await late.close();
    const back = await startTestServer({ ...settings, LIMITER: "postgres" }, processes.databaseUrl);
    await expect.poll(async () => (await me(server, secret)).status).toBe(200);
    await back.close();
  });
});
