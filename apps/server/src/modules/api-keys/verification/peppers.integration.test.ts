import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../test/database/test-database.ts";
import { me } from "../../../../test/doors.ts";
import { Story } from "../../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../../test/test-server.ts";
import { PepperMismatchError } from "./peppers.ts";

const OLD = `old:${randomBytes(32).toString("base64url")}`;
const NEW = `new:${randomBytes(32).toString("base64url")}`;

let database: TestDatabase;
let running: TestServer[];

beforeEach(async () => {
  database = await createTestDatabase();
  running = [];
});
afterEach(async () => {
  for (const server of running) await server.close();
  await database.drop();
});

async function start(peppers: string): Promise<TestServer> {
  const server = await startTestServer({ API_KEY_PEPPERS: peppers }, database.url);
  running.push(server);
  return server;
}

async function startWithKey(peppers: string) {
  const server = await start(peppers);
  const story = new Story(server);
  const { owner } = await story.team("Acme Ads");
  return { server, story, owner, key: await story.key(owner) };
}

const pepperOf = async (server: TestServer, id: string) =>
  (await server.sql<{ pepper_id: string }>("SELECT pepper_id FROM api_key WHERE id = $1", [id]))[0]?.pepper_id;

test("a key under an older pepper works, and moves to the first one when it is used", async () => {
  const { key } = await startWithKey(OLD);
  const rotated = await start(`${NEW},${OLD}`);
  expect(await pepperOf(rotated, key.id)).toBe("old");
  expect((await me(rotated, key.secret)).status).toBe(200);
  await expect.poll(() => pepperOf(rotated, key.id)).toBe("new");
  expect((await me(rotated, key.secret)).status).toBe(200);
  const onlyNew = await start(NEW);
  expect((await me(onlyNew, key.secret)).status).toBe(200);
});

test("new keys are hashed under the first pepper", async () => {
  const { server, key } = await startWithKey(`${NEW},${OLD}`);
  expect(await pepperOf(server, key.id)).toBe("new");
});

test("a changed pepper under the same id refuses the start, with the reason, and changes nothing", async () => {
  const { server } = await startWithKey(OLD);
  const before = await server.sql("SELECT id, encode(fingerprint, 'hex') AS fingerprint FROM pepper");
  const changed = start(`old:${randomBytes(32).toString("base64url")}`);
  await expect(changed).rejects.toThrow(PepperMismatchError);
  await expect(changed).rejects.toThrow(/"old" is not the one/);
  expect(await server.sql("SELECT id, encode(fingerprint, 'hex') AS fingerprint FROM pepper")).toEqual(before);
});

test("a missing pepper that an active key needs refuses the start, and one that only dead keys need does not", async () => {
  const { server, key } = await startWithKey(OLD);
  await expect(start(NEW)).rejects.toThrow(/"old" \(1 active key\)/);
  await server.sql("UPDATE api_key SET revoked_at = now(), revoked_by_id = created_by_id WHERE id = $1", [key.id]);
  expect((await me(await start(NEW), key.secret)).body.code).toBe("key_invalid");
});

test("the database holds neither a pepper nor anything a pepper can be read from", async () => {
  const { server } = await startWithKey(OLD);
  const rows = JSON.stringify(
    await server.sql(
      "SELECT id, encode(fingerprint, 'escape') AS fingerprint, encode(fingerprint, 'base64') AS text FROM pepper",
    ),
  );
  expect(rows).not.toContain(OLD.slice(4));
});
