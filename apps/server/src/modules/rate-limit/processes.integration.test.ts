import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database/test-database.ts";
import { me } from "../../../test/doors.ts";
import { burst, mostOf, startProcess, type ServerProcess } from "../../../test/limited-load.ts";
import { findFreePort } from "../../platform/database/postgres-process.ts";
import { statementsOf } from "../../../test/statement-count.ts";
import { Story } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

// Processes of their own that serve one database, and what a limit is over all of them.

const secrets = {
  BETTER_AUTH_SECRET: randomBytes(32).toString("base64url"),
  API_KEY_PEPPERS: `test:${randomBytes(32).toString("base64url")}`,
};

let database: TestDatabase;
let server: TestServer;
let story: Story;
let processes: ServerProcess[] = [];
let addresses: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startTestServer({ ...secrets, LIMITER: "postgres" }, database.url);
  story = new Story(server);
  const settings = { ...secrets, DATABASE_URL: database.url };
  processes = await Promise.all([startProcess(settings), startProcess(settings)]);
  addresses = processes.map(({ address }) => address);
});
afterAll(async () => {
  await Promise.all(processes.map((process) => process.stop()));
  await server.close();
  await database.drop();
});

test.each([1, 2])(
  "200 calls as fast as they go on a key of 60 a minute, over %i of two processes: 60 plus what refilled",
  async (count) => {
    const { secret } = await story.key((await story.team("Starter", "starter")).owner);
    const startedAt = performance.now();
    const answers = await burst(addresses.slice(0, count), secret, 200);
    const seconds = (performance.now() - startedAt) / 1_000;
    const of = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    const admitted = of(200);
    // What a busy machine could not decide in time is 503, never a pass, though it may have taken a token.
    expect(admitted + of(429) + of(503)).toBe(200);
    expect(admitted + of(503)).toBeGreaterThanOrEqual(60);
    expect(admitted).toBeLessThanOrEqual(mostOf(60, seconds));
  },
);

test("a verified call costs one statement when its key is known: the one that takes the token", async () => {
  const { secret } = await story.key((await story.team("Warm")).owner);
  const statements = async () => (await statementsOf(() => me(server, secret))).statements;
  await expect.poll(statements).toEqual([expect.stringContaining("INSERT INTO rate_bucket")]);
});

test("24 wrong sign-ins at once for one account over both: 10 are tried", async () => {
  const statuses = await Promise.all(
    Array.from({ length: 24 }, async (_, call) => {
      const address = addresses[call % 2] ?? "";
      const response = await fetch(`${address}/api/auth/sign-in/email`, {
        method: "POST",
        headers: { origin: address, "content-type": "application/json" },
        // Refused without the work that a password costs, so that they do come at once.
        body: JSON.stringify({ email: "victim@acme.example", password: null }),
      });
      await response.arrayBuffer();
      return response.status;
    }),
  );
  const counts = Object.fromEntries([...Map.groupBy(statuses, String)].map(([status, same]) => [status, same.length]));
  expect(counts).toEqual({ 400: 10, 429: 14 });
});

test("with the limits in memory a graceful stop keeps them, and a crash refills", async () => {
  // Of its own: a process that is set to memory moves everybody there.
  const own = await createTestDatabase();
  const start = () => startTestServer({ ...secrets, LIMITER: "memory" }, own.url);
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

test("a bucket that cannot be asked for a token is 503, never a pass", async () => {
  const { secret } = await story.key((await story.team("Away")).owner);
  const locker = new pg.Client({ connectionString: database.url });
  await locker.connect();
  try {
    await locker.query("BEGIN; LOCK TABLE rate_bucket IN ACCESS EXCLUSIVE MODE");
    expect([(await me(server, secret)).status, (await me(server, secret)).body.code]).toEqual([503, "unavailable"]);
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
    const mover = await startTestServer({ ...secrets, LIMITER: "memory" }, database.url);
    expect(await admitted()).toEqual([200, '"key";r=0;t=60']);
    expect(server.logLines.join("")).toContain("LIMITER=memory: each process counts by itself");
    await mover.close();
    const back = await startTestServer({ ...secrets, LIMITER: "postgres" }, database.url);
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
    const late = await startTestServer({ ...secrets, LIMITER: "redis", REDIS_URL }, database.url);
    expect([(await me(server, secret)).status, (await me(late, secret)).status]).toEqual([200, 200]);
    expect(late.logLines.join("")).toContain("Redis is not reachable");

    await server.sql("UPDATE limiter_store SET kind = 'redis', location = $1, generation = generation + 1", [
      `127.0.0.1:${port}/0`,
    ]);
    await server.sql("SELECT pg_notify('latchkey', 'l:store')");
    await expect.poll(async () => (await me(server, secret)).status).toBe(503);
    await expect.poll(async () => (await me(late, secret)).body.code).toBe("unavailable");
    expect((await me(server, "lk_wrong")).status).toBe(401);
    expect((await server.fetch("/livez")).status).toBe(200);
    expect(server.logLines.join("")).toContain("Set REDIS_URL to it, and restart");
    await late.close();
    const back = await startTestServer({ ...secrets, LIMITER: "postgres" }, database.url);
    await expect.poll(async () => (await me(server, secret)).status).toBe(200);
    await back.close();
  });
});
