import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { me, rest } from "../../../test/doors.ts";
import { statementsOf, withoutRecording } from "../../../test/statement-count.ts";
import { Story } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";
import { LISTENER_NAME, TRIGGERS } from "./server-process.repository.ts";

const PEPPERS = { API_KEY_PEPPERS: `test:${randomBytes(32).toString("base64url")}` };

let server: TestServer;
let story: Story;
beforeAll(async () => {
  server = await startTestServer({ COHERENCE: "on", ...PEPPERS });
  story = new Story(server);
});
afterAll(() => server.close());

const report = () => server.services.coherence.report();
/** Of sessions that serve, once those that could not say goodbye were given up. */
const untilRows = (count: number) =>
  vi.waitFor(async () => expect(await server.sql("SELECT id FROM server_process")).toHaveLength(count), {
    timeout: 20_000,
  });
const untilLeased = () => vi.waitFor(() => expect(report().state).toBe("leased"), { timeout: 10_000 });

/** What a statement past the product tells, without the barrier that TestServer.sql adds. */
async function heardOf(statement: string, values: unknown[] = []): Promise<string[]> {
  const client = new pg.Client({ connectionString: server.databaseUrl });
  const heard: string[] = [];
  client.on("notification", ({ payload = "" }) => heard.push(payload));
  await client.connect();
  try {
    await client.query("LISTEN latchkey");
    await client.query(statement, values);
    await client.query("SELECT 1");
    return heard.filter((payload) => !payload.startsWith("b:"));
  } finally {
    await client.end();
  }
}

describe("a key in memory", () => {
  test("costs no statement at all, on /auth/me with its person and its team", async () => {
    const { secret } = await story.key((await story.team("Acme Ads")).owner);
    const first = await me(server, secret);
    await untilLeased();
    const { result, statements } = await statementsOf(() => me(server, secret));
    expect(withoutRecording(statements)).toEqual([]);
    expect(result.body).toEqual(first.body);
  });

  test("is forgotten when the person or the team is called something else", async () => {
    const acme = await story.team("Acme Ads");
    const { secret } = await story.key(acme.owner);
    await me(server, secret);
    await server.sql(`UPDATE "user" SET name = 'Olga' WHERE id = $1`, [acme.owner.id]);
    await server.sql("UPDATE team SET slug = 'other' WHERE id = $1", [acme.id]);
    expect((await me(server, secret)).body).toMatchObject({ user: { name: "Olga" }, team: { slug: "other" } });
  });

  test("is not remembered when it is unknown: the next call finds a key that was made meanwhile", async () => {
    const { keys } = server.services.keyMemory.report();
    await me(server, "lk_00000000000000000000000000000000000000");
    expect(server.services.keyMemory.report().keys).toBe(keys);
  });
});

describe("R2: triggers", () => {
  test("are those that the server asks for, all of them always enabled", async () => {
    const rows = await server.sql<{ tgname: string; tgenabled: string }>(
      "SELECT tgname, tgenabled FROM pg_trigger WHERE tgfoid = 'notify_access_changed'::regproc",
    );
    expect(rows.map(({ tgname }) => tgname).toSorted()).toEqual(TRIGGERS.toSorted());
    expect(new Set(rows.map(({ tgenabled }) => tgenabled))).toEqual(new Set(["A"]));
  });

  test("fire for every column that the look-up reads", async () => {
    const file = join(import.meta.dirname, "../../modules/api-keys/verification/key-lookup.repository.ts");
    const [, statement = ""] = /(SELECT k\.secret_hash[\s\S]*?)WHERE/.exec(readFileSync(file, "utf8")) ?? [];
    const tables = Object.fromEntries(
      [...statement.matchAll(/(?:FROM|JOIN) "?(\w+)"? (\w)\b/g)].map(([, table, alias]) => [alias, table]),
    );
    expect(Object.values(tables).toSorted()).toEqual(["api_key", "member", "subscription", "team", "user"]);
    const read = [...statement.matchAll(/\b([kutms])\.(\w+)/g)].map(
      ([, alias = "", column]) => `${tables[alias]}.${column}`,
    );
    const rows = await server.sql<{ table: string; columns: string }>(
      `SELECT relname AS table, split_part(encode(tgargs, 'escape'), '\\000', 2) AS columns
         FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname LIKE '%_access_changed_by_update'`,
    );
    const told = new Set(
      rows.flatMap(({ table, columns }) => columns.split(", ").map((column) => `${table}.${column}`)),
    );
    expect(read.length).toBeGreaterThan(20);
    expect([...new Set(read)].filter((column) => !told.has(column))).toEqual([]);
  });

  test("tell once of each subject, of everything beyond 100, and of nothing where nothing decides", async () => {
    const { owner, id } = await story.team("Acme Ads");
    const admin = await story.member({ id, owner }, "admin");
    const key = await story.key(owner);
    expect(await heardOf("UPDATE member SET role = 'viewer' WHERE id = $1", [admin.memberId])).toEqual([
      `m:${admin.id}:${id}`,
    ]);
    expect(await heardOf("DELETE FROM member WHERE id = $1", [admin.memberId])).toEqual([`m:${admin.id}:${id}`]);
    expect(await heardOf("UPDATE subscription SET plan = 'scale' WHERE team_id = $1", [id])).toEqual([`t:${id}`]);
    expect(await heardOf("UPDATE api_key SET revoked_at = now() WHERE id = $1", [key.id])).toEqual([`k:${key.id}`]);
    expect(await heardOf(`UPDATE "user" SET banned_at = now() WHERE id = $1`, [owner.id])).toEqual([`u:${owner.id}`]);
    expect(await heardOf(`UPDATE "user" SET updated_at = now(), last_selected_team_id = NULL`)).toEqual([]);
    expect(await heardOf("UPDATE api_key SET name = name")).toEqual([]);
    expect(await heardOf("TRUNCATE team CASCADE").catch(() => ["refused"])).toEqual(["refused"]);
    expect(await heardOf("TRUNCATE subscription")).toEqual(["*"]);
    await server.sql(
      `INSERT INTO "user" (id, name, email, updated_at) SELECT 'u' || n, 'x', n || '@acme.example', now() FROM generate_series(1, 101) n`,
    );
    expect(await heardOf(`UPDATE "user" SET name = 'y' WHERE name = 'x'`)).toEqual(["*"]);
  });

  test("also fire for whoever sets session_replication_role", async () => {
    const { owner } = await story.team("Acme Ads");
    const sql = `SET session_replication_role = replica; UPDATE "user" SET banned_at = now() WHERE id = '${owner.id}'`;
    expect(await heardOf(sql)).toEqual([`u:${owner.id}`]);
  });

  test("when one is disabled there is no lease, /readyz says why, and it comes back with the trigger", async () => {
    await untilLeased();
    await server.sql("ALTER TABLE member DISABLE TRIGGER member_access_changed_by_delete");
    await vi.waitFor(() =>
      expect(report()).toMatchObject({ state: "unleased", reason: expect.stringMatching(/1 of the triggers/) }),
    );
    const ready = await (await server.fetch("/readyz")).json();
    expect(ready).toMatchObject({ isReady: true, coherence: { state: "unleased", reason: report().reason } });
    await server.sql("ALTER TABLE member ENABLE ALWAYS TRIGGER member_access_changed_by_delete");
    await untilLeased();
  });
});

describe("R4: a barrier", () => {
  test("is acknowledged by the server's own session, well before its lease would end", async () => {
    await untilLeased();
    const { renewals } = report();
    await server.services.coherence.barrier();
    const [row] = await server.sql<{ acknowledged: string }>("SELECT acknowledged FROM server_process");
    expect(Number(row?.acknowledged)).toBeGreaterThan(0);
    expect(report().renewals - renewals).toBeLessThan(4);
  });

  test("waits once for a process that is gone, and takes its row away; one that is renewed stays", async () => {
    await server.sql("INSERT INTO server_process (id, renewals) VALUES ('crashed', 7)");
    // The insertion itself has waited for it.
    const rows = await server.sql<{ id: string }>("SELECT id FROM server_process");
    expect(rows.map(({ id }) => id)).toEqual([expect.not.stringMatching("crashed")]);
  });

  test("ends also where the database cannot be asked: after one lease nobody has one", async () => {
    await server.sql("ALTER TABLE server_process RENAME TO away");
    await server.services.coherence.barrier();
    await server.sql("ALTER TABLE away RENAME TO server_process");
    expect(server.logLines.join("")).toContain("waits for leases to run out");
  });
});

describe("a LISTEN session", () => {
  test("that is cut is replaced by one with an empty memory and another row", async () => {
    const { secret } = await story.key((await story.team("Acme Ads")).owner);
    await me(server, secret);
    await untilLeased();
    const { sessions } = report();
    await server.sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()",
      [LISTENER_NAME],
    );
    await vi.waitFor(() => expect(report()).toMatchObject({ state: "leased", sessions: sessions + 1 }), {
      timeout: 10_000,
    });
    const { statements } = await statementsOf(() => me(server, secret));
    expect(withoutRecording(statements)).toHaveLength(1);
    await untilRows(1);
  });

  test("ends with the server, and nobody waits for it any more", async () => {
    const other = await startTestServer(PEPPERS, server.databaseUrl);
    await untilRows(2);
    await other.close();
    await untilRows(1);
  });
});

test("COHERENCE=off keeps nothing, and its revocations still wait for those who do", async () => {
  const off = await startTestServer({ COHERENCE: "off", ...PEPPERS }, server.databaseUrl);
  try {
    const { owner } = await story.team("Acme Ads");
    const key = await story.key(owner);
    await me(server, key.secret);
    expect(off.services.coherence.report()).toMatchObject({ state: "off", reason: "COHERENCE=off" });
    const context = await story.contextOf(owner);
    await off.services.apiKeys.revoke(context, { id: key.id });
    expect((await me(server, key.secret)).body.code).toBe("key_revoked");
    expect((await me(off, key.secret)).body.code).toBe("key_revoked");
    expect(off.services.keyMemory.report()).toMatchObject({ keys: 0, hits: 0 });
  } finally {
    await off.close();
  }
});

test("a super_admin who is one no longer by the operator's command is none in every process", async () => {
  const root = await story.superAdmin();
  const acme = await story.team("Acme Ads");
  const key = await story.key(root, { teamId: acme.id });
  expect((await me(server, key.secret)).body.role).toBe("super_admin");
  const { barriers } = report();
  await server.services.bans.setSuperAdmin(await story.contextOf(acme.owner), root.id, false);
  expect(report().barriers).toBe(barriers + 1);
  expect((await rest(server, { key: key.secret }, "GET", "/auth/me")).body.code).toBe("key_owner_inactive");
});
