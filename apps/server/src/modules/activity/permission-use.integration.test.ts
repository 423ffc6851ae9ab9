import { afterAll, beforeAll, expect, test } from "vitest";
import { answeredCall } from "../../../test/calls.ts";
import { graphql, rest } from "../../../test/doors.ts";
import { statementsOf } from "../../../test/statement-count.ts";
import { Story, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";
import { createLogger } from "../../platform/logger.ts";
import { UNRECORDED } from "./call.ts";
import { createPermissionUseRepository } from "./permission-use.repository.ts";
import { createPermissionUseRecorder } from "./permission-use.service.ts";

let server: TestServer;
let story: Story;
let acme: Team;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
});
afterAll(() => server.close());

const USE = "permission chosen effective reason lastUsed";

interface Use {
  readonly permission: string;
  readonly lastUsed: string | null;
}

async function usesOf(id: string): Promise<Use[]> {
  await server.permissionUse.flush();
  const query = `query ($id: ID!) { apiKey(id: $id) { permissionUse { ${USE} } } }`;
  const { data } = await graphql(server, acme.owner, query, { id });
  return data.apiKey.permissionUse;
}

const exercised = async (id: string) =>
  (await usesOf(id)).filter(({ lastUsed }) => lastUsed !== null).map(({ permission }) => permission);

test("the permission that a route needed is exercised by the calls it lets through, and by no other", async () => {
  const key = await story.key(acme.owner, { permissions: ["members:read", "analytics:read"] });
  await rest(server, { key: key.secret }, "GET", "/auth/me");
  await rest(server, { key: key.secret }, "GET", "/billing/subscription");
  expect(await exercised(key.id)).toEqual([]);
  await rest(server, { key: key.secret }, "GET", "/members");
  expect(await exercised(key.id)).toEqual(["members:read"]);
});

test("all that a guarded call asks for is exercised when it passes, and nothing when it does not", async () => {
  const permissions = ["campaigns:read", "campaigns:launch", "reports:read"] as const;
  const key = await story.key(acme.owner, { permissions: [...permissions] });
  await rest(server, { key: key.secret }, "GET", "/verify?permission=reports:read&permission=billing:read");
  await rest(server, { key: key.secret }, "GET", "/verify");
  expect(await exercised(key.id)).toEqual([]);
  await rest(server, { key: key.secret }, "GET", "/verify?permission=campaigns:read&permission=campaigns:launch");
  expect(await exercised(key.id)).toEqual(["campaigns:read", "campaigns:launch"]);
});

test("code beside the server exercises what it asks for", async () => {
  const key = await story.key(acme.owner, { permissions: ["reports:read", "reports:export"] });
  const { auth } = server.services;
  await auth.api.verifyApiKey({ body: { key: key.secret, permissions: ["reports:export"], ip: "203.0.113.5" } });
  expect(await exercised(key.id)).toEqual(["reports:export"]);
});

test("the last use moves forward only, whichever process stores late", async () => {
  const key = await story.key(acme.owner, { permissions: ["reports:read"] });
  const use = { keyId: key.id, permission: "reports:read" };
  const lastUsed = async () => (await usesOf(key.id)).find(({ permission }) => permission === "reports:read")?.lastUsed;
  await server.services.permissionUse.store([{ ...use, agoMilliseconds: 60_000 }]);
  const first = await lastUsed();
  await server.services.permissionUse.store([{ ...use, agoMilliseconds: 600_000 }]);
  expect(await lastUsed()).toBe(first);
  await server.services.permissionUse.store([
    { ...use, agoMilliseconds: 5_000 },
    { ...use, agoMilliseconds: 1_000 },
  ]);
  expect(Date.parse((await lastUsed()) ?? "")).toBeGreaterThan(Date.parse(first ?? ""));
});

test("says of each permission whether it was chosen and is held, and of the others why not", async () => {
  const admin = await story.member(acme, "admin");
  const key = await story.key(admin, { permissions: ["reports:read", "billing:read"] });
  await server.sql("UPDATE member SET role = 'viewer' WHERE id = $1", [admin.memberId]);
  const uses = new Map((await usesOf(key.id)).map((use) => [use.permission, use]));
  expect(uses.get("reports:read")).toMatchObject({ chosen: true, effective: true, reason: null });
  expect(uses.get("billing:read")).toMatchObject({ chosen: true, effective: false, reason: "ROLE_LACKS_IT" });
  expect(uses.get("members:read")).toMatchObject({ chosen: false, effective: false, reason: "NOT_CHOSEN" });
  await server.sql("DELETE FROM member WHERE id = $1", [admin.memberId]);
  const after = (await usesOf(key.id)).find(({ permission }) => permission === "reports:read");
  expect(after).toMatchObject({ chosen: true, effective: false, reason: "OWNER_REMOVED" });
});

test("of a page of keys is one statement", async () => {
  const query = `{ apiKeys(first: 50) { nodes { id permissionUse { ${USE} } } } }`;
  const { statements } = await statementsOf(() => graphql(server, acme.owner, query, {}));
  const reading = statements.filter((text) => text.includes("api_key_permission_used"));
  expect(reading).toHaveLength(1);
});

test("what was used just before a graceful stop is stored", async () => {
  const key = await story.key(acme.owner, { permissions: ["reports:read"] });
  const process = createPermissionUseRecorder({
    recorder: UNRECORDED,
    repository: createPermissionUseRepository(server.services.database),
    logger: createLogger({ level: "silent" }),
  });
  const call = answeredCall({ keyId: key.id, teamId: acme.id });
  await process.record({ ...call, notes: { ...call.notes, exercised: ["reports:read"] } });
  expect(await exercised(key.id)).toEqual([]);
  await process.stop();
  expect(await exercised(key.id)).toEqual(["reports:read"]);
});
