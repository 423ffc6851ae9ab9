import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startScript } from "../../test/database/child-script.ts";
import { runSql } from "../../test/database/run-sql.ts";
import { runCommand } from "../../test/run-command.ts";
import { startTestServer, type TestServer } from "../../test/test-server.ts";
import { quietLog } from "../../test/database/quiet-log.ts";
import { startEmbeddedPostgres } from "../platform/database/embedded-postgres.ts";

const SECRETS = {
  BETTER_AUTH_SECRET: randomBytes(32).toString("base64url"),
  API_KEY_PEPPERS: `test:${randomBytes(32).toString("base64url")}`,
};
const PASSWORD = "a password of hers";

let server: TestServer;
let settings: Record<string, string>;
beforeAll(async () => {
  server = await startTestServer(SECRETS);
  settings = { DATABASE_URL: server.databaseUrl, ...SECRETS };
});
afterAll(() => server.close());

const tokenIn = (text: string): string => /reset-password\?token=([\w-]+)/.exec(text)?.[1] ?? "";

let address = 0;
function post(path: string, body: object): Promise<Response> {
  address += 1;
  return server.fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.origin },
    body: JSON.stringify(body),
    ip: `10.9.0.${address}`,
  });
}
const setPassword = (token: string, newPassword: string) => post("/api/auth/reset-password", { token, newPassword });
const signIn = (email: string, password: string) => post("/api/auth/sign-in/email", { email, password });

/** What the signed-in person sees of themselves. */
async function viewerOf(response: Response): Promise<unknown> {
  const cookie = response.headers.getSetCookie().map((line) => line.split(";")[0]);
  const answer = await server.fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.origin, cookie: cookie.join("; ") },
    body: JSON.stringify({ query: "{ viewer { user { name email } team { name slug } role isSuperAdmin } }" }),
  });
  return ((await answer.json()) as { data: { viewer: unknown } }).data.viewer;
}

describe("user:create", () => {
  test("makes a person who sets a password by the link and then signs in to the team they own", async () => {
    const { exitCode, stdout, stderr } = await runCommand(
      "user-create.ts",
      ["Ada@Acme.Example", "--team", "Ada's Ads", "--name", "Ada Lovelace"],
      settings,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(`${server.origin}/reset-password?token=`);

    expect((await signIn("ada@acme.example", PASSWORD)).status).toBe(401);
    expect((await setPassword(tokenIn(stdout), PASSWORD)).status).toBe(200);
    const signedIn = await signIn("ada@acme.example", PASSWORD);
    expect(signedIn.status).toBe(200);
    expect(await viewerOf(signedIn)).toEqual({
      user: { name: "Ada Lovelace", email: "ada@acme.example" },
      team: { name: "Ada's Ads", slug: "ada-s-ads" },
      role: "OWNER",
      isSuperAdmin: false,
    });
    const [subscription] = await server.sql(
      `SELECT plan, status FROM subscription JOIN team ON team.id = team_id WHERE slug = 'ada-s-ads'`,
    );
    expect(subscription).toEqual({ plan: "starter", status: "trialing" });
    const events = await server.sql<{ action: string }>(
      `SELECT action FROM audit_event JOIN team ON team.id = team_id WHERE slug = 'ada-s-ads' ORDER BY action`,
    );
    expect(events.map(({ action }) => action)).toEqual(["member.added", "team.created"]);
  });

  test("the link works exactly once, also when it is sent ten times at once", async () => {
    const { stdout } = await runCommand("user-create.ts", ["once@acme.example"], settings);
    const token = tokenIn(stdout);
    const passwords = Array.from({ length: 10 }, (_, index) => `${PASSWORD} ${index}`);
    const answers = await Promise.all(passwords.map((password) => setPassword(token, password)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await setPassword(token, PASSWORD)).status).toBe(400);
    const accepted = passwords[answers.findIndex(({ status }) => status === 200)] ?? "";
    expect((await signIn("once@acme.example", accepted)).status).toBe(200);
  });

  test("a link of more than an hour ago sets nothing, and its token is not in the database", async () => {
    const { stdout } = await runCommand("user-create.ts", ["late@acme.example"], settings);
    const rows = await server.sql<{ row: string }>(`SELECT v::text AS row FROM verification v`);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(tokenIn(stdout));
    await server.sql(`UPDATE verification SET expires_at = expires_at - interval '1 hour'`);
    expect((await setPassword(tokenIn(stdout), PASSWORD)).status).toBe(400);
    expect((await signIn("late@acme.example", PASSWORD)).status).toBe(401);
  });

  test("--super-admin makes one, without a team", async () => {
    const { stdout } = await runCommand("user-create.ts", ["root@latchkey.example", "--super-admin"], settings);
    await setPassword(tokenIn(stdout), PASSWORD);
    expect(await viewerOf(await signIn("root@latchkey.example", PASSWORD))).toEqual({
      user: { name: "root", email: "root@latchkey.example" },
      team: null,
      role: null,
      isSuperAdmin: true,
    });
  });

  test("who exists is left alone, and user:link is named", async () => {
    await runCommand("user-create.ts", ["twice@acme.example", "--team", "Twice"], settings);
    const again = await runCommand("user-create.ts", ["TWICE@acme.example", "--team", "Twice"], settings);
    expect(again).toMatchObject({ exitCode: 1, stdout: "" });
    expect(again.stderr).toBe(
      "There is already a person with the e-mail address twice@acme.example. Run `pnpm user:link twice@acme.example` for a new link.",
    );
    expect(await server.sql(`SELECT slug FROM team WHERE name = 'Twice'`)).toEqual([{ slug: "twice" }]);
  });

  test("repeated after it failed half-way, it goes on where it ended", async () => {
    await server.sql(`ALTER TABLE subscription ADD CONSTRAINT planted CHECK (plan <> 'starter') NOT VALID`);
    const args = ["half@acme.example", "--team", "Half"];
    const failed = await runCommand("user-create.ts", args, settings);
    expect(failed).toMatchObject({ exitCode: 1, stdout: "" });
    expect(await server.sql(`SELECT 1 FROM team WHERE name = 'Half'`)).toEqual([]);
    await server.sql(`ALTER TABLE subscription DROP CONSTRAINT planted`);

    const { exitCode, stdout } = await runCommand("user-create.ts", args, settings);
    expect(exitCode).toBe(0);
    await setPassword(tokenIn(stdout), PASSWORD);
    expect(await viewerOf(await signIn("half@acme.example", PASSWORD))).toMatchObject({ team: { name: "Half" } });
  });

  test.each([
    [["ada"], "email: This is not an e-mail address, such as you@example.com."],
    [["x@acme.example", "--team", " "], "team: Give the team a name."],
    [["x@acme.example", "--team", "a\u202eb"], "team: The name contains a control, direction-changing or invisible"],
    [["x@acme.example", "--plan", "scale"], "Unknown option '--plan'"],
    [[], "Usage: pnpm user:create <e-mail>"],
  ])("%j is refused in a sentence, and nothing is made", async (args, sentence) => {
    const { exitCode, stdout, stderr } = await runCommand("user-create.ts", args, settings);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(sentence);
    expect(await server.sql(`SELECT 1 FROM "user" WHERE email LIKE 'x@%' OR email LIKE 'ada'`)).toEqual([]);
  });
});

describe("user:super-admin", () => {
  const superAdmin = (...args: string[]) => runCommand("user-super-admin.ts", args, settings);

  test("gives the role and takes it away, says so, and records both", async () => {
    await runCommand("user-create.ts", ["sam@latchkey.example"], settings);
    const given = await superAdmin("Sam@latchkey.example");
    expect(given).toEqual({ exitCode: 0, stderr: "", stdout: "sam@latchkey.example is a super admin from now on.\n" });
    expect((await superAdmin("sam@latchkey.example")).stdout).toContain("was a super admin already");
    expect((await superAdmin("sam@latchkey.example", "--remove")).stdout).toContain("is no super admin from now on");
    const events = await server.sql(
      `SELECT action, actor_id, team_id, audit_event.user_agent FROM audit_event JOIN "user" u ON u.id = target_id
        WHERE u.email = 'sam@latchkey.example' ORDER BY at`,
    );
    const by = { actor_id: null, team_id: null, user_agent: "pnpm user:super-admin" };
    expect(events).toEqual([
      { action: "super_admin.granted", ...by },
      { action: "super_admin.removed", ...by },
    ]);
    const [sam] = await server.sql(`SELECT is_super_admin FROM "user" WHERE email = 'sam@latchkey.example'`);
    expect(sam).toEqual({ is_super_admin: false });
  });

  test.each([
    [["missing@acme.example"], "There is no person with the e-mail address missing@acme.example."],
    [["sam"], "This is not an e-mail address"],
    [["sam@acme.example", "--demote"], "Unknown option '--demote'"],
    [[], "Usage: pnpm user:super-admin <e-mail> [--remove]"],
  ])("%j is refused in a sentence", async (args, sentence) => {
    const { exitCode, stderr } = await superAdmin(...args);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(sentence);
  });
});

describe("user:link", () => {
  test("prints a link that replaces the password and ends the sessions under the old one", async () => {
    const created = await runCommand("user-create.ts", ["grace@acme.example"], settings);
    await setPassword(tokenIn(created.stdout), PASSWORD);
    const before = await signIn("grace@acme.example", PASSWORD);
    const { exitCode, stdout } = await runCommand("user-link.ts", ["Grace@acme.example"], settings);
    expect(exitCode).toBe(0);
    expect((await setPassword(tokenIn(stdout), `${PASSWORD} anew`)).status).toBe(200);
    expect((await signIn("grace@acme.example", PASSWORD)).status).toBe(401);
    expect((await signIn("grace@acme.example", `${PASSWORD} anew`)).status).toBe(200);
    expect(await viewerOf(before)).toBeNull();
  });

  test("for nobody there is no link, and user:create is named", async () => {
    expect(await runCommand("user-link.ts", ["nobody@acme.example"], settings)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "There is no person with the e-mail address nobody@acme.example. Run `pnpm user:create nobody@acme.example` to make them.",
    });
  });

  test("a database that cannot be reached is one sentence, without the password of its address", async () => {
    const away = { ...settings, DATABASE_URL: "postgresql://latchkey:hunter2hunter2@127.0.0.1:1/latchkey" };
    const { exitCode, stderr } = await runCommand("user-link.ts", ["ada@acme.example"], away);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("The database cannot be reached");
    expect(stderr).not.toMatch(/hunter2|\n/);
  });
});

describe("with the embedded database", () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-commands-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("no server has to run, and one that runs is not disturbed", async () => {
    const first = await runCommand("user-create.ts", ["first@acme.example", "--team", "First"], { DATA_DIR: folder });
    expect(first).toMatchObject({ exitCode: 0, stderr: "" });

    const holder = startScript(join(import.meta.dirname, "../../test/database/hold-postgres.ts"), folder);
    const url = (await holder.firstLine) ?? "";
    const second = await runCommand("user-create.ts", ["second@acme.example"], { DATA_DIR: folder });
    const link = await runCommand("user-link.ts", ["first@acme.example"], { DATA_DIR: folder });
    expect(await runSql(url, `SELECT email FROM "user" ORDER BY email`)).toEqual([
      { email: "first@acme.example" },
      { email: "second@acme.example" },
    ]);
    holder.process.kill("SIGTERM");
    expect(await holder.outcome).toEqual({ exitCode: 0, stderr: "" });
    for (const { exitCode, stderr } of [second, link])
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });

    // The folder is free afterwards: nothing was left running.
    const postgres = await startEmbeddedPostgres({ dataDir: folder, log: quietLog, durable: false });
    await postgres.stop();
  });
});
