import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { runSql } from "../../../test/database/run-sql.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database/test-database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await sql(`
    INSERT INTO "user" (id, name, email, updated_at) VALUES ('user_1', 'Ada', 'ada@acme.example', now());
    INSERT INTO team (id, name, slug) VALUES ('team_1', 'Acme Ads', 'acme-ads');
    INSERT INTO pepper (id, fingerprint) VALUES ('p1', '\\x01'), ('p2', '\\x02');
    INSERT INTO audit_event (id, team_id, action) VALUES ('event_1', 'team_1', 'team.created');
    ${insertKey({ id: "'key_old'" })}`);
});

afterAll(async () => database.drop());

const sql = (statement: string) => runSql<Record<string, unknown>>(database.url, statement);

let hashes = 0;
/** A valid key, with some columns as the test wants them. */
function insertKey(columns: Record<string, string> = {}): string {
  hashes += 1;
  const row: Record<string, string> = {
    id: `'key_${hashes}'`,
    team_id: "'team_1'",
    created_by_id: "'user_1'",
    name: "'BI dashboard'",
    prefix: "'lk_1a2B'",
    secret_hash: `sha256('${hashes}')`,
    pepper_id: "'p1'",
    permissions: "'{campaigns:read}'",
    ...columns,
  };
  return `INSERT INTO api_key (${Object.keys(row).join(", ")}) VALUES (${Object.values(row).join(", ")});`;
}

describe("a key", () => {
  beforeEach(async () => {
    await sql(`ALTER TABLE api_key DISABLE TRIGGER USER; DELETE FROM api_key WHERE id <> 'key_old';
               ALTER TABLE api_key ENABLE ALWAYS TRIGGER api_key_is_never_deleted;
               ALTER TABLE api_key ENABLE ALWAYS TRIGGER api_key_keeps_its_identity; ${insertKey({ id: "'key_a'" })}`);
  });

  test("can be renamed, hashed anew under another pepper, and revoked once", async () => {
    await sql("UPDATE api_key SET name = 'Reports' WHERE id = 'key_a'");
    await sql("UPDATE api_key SET secret_hash = sha256('new'), pepper_id = 'p2' WHERE id = 'key_a'");
    await sql("UPDATE api_key SET revoked_at = now(), revoked_by_id = 'user_1' WHERE id = 'key_a'");
    await sql("UPDATE api_key SET name = 'Old reports' WHERE id = 'key_a'");
  });

  test("stays revoked, at the instant and by the person it was revoked", async () => {
    await sql("UPDATE api_key SET revoked_at = now(), revoked_by_id = 'user_1' WHERE id = 'key_a'");
    for (const change of [
      "revoked_at = NULL, revoked_by_id = NULL",
      "revoked_at = now() + interval '1 s'",
      "revoked_by_id = NULL",
    ]) {
      await expect(sql(`UPDATE api_key SET ${change} WHERE id = 'key_a'`)).rejects.toThrow("a revocation is final");
    }
  });

  test("keeps its secret: neither hash nor pepper changes alone", async () => {
    for (const change of ["secret_hash = sha256('other')", "pepper_id = 'p2'"]) {
      await expect(sql(`UPDATE api_key SET ${change} WHERE id = 'key_a'`)).rejects.toThrow(
        "a secret is never replaced",
      );
    }
  });

  test.each([
    "permissions = '{campaigns:read,campaigns:launch}'",
    "expires_at = now() + interval '1 day'",
    "prefix = 'lk_zzzz'",
    "member_id = 'member_9'",
    "replaces_id = 'key_old'",
    "created_at = now() + interval '1 day'",
  ])("keeps what was decided at creation: %s is refused", async (change) => {
    await expect(sql(`UPDATE api_key SET ${change} WHERE id = 'key_a'`)).rejects.toThrow("does not change");
  });

  test.each(["DELETE FROM api_key", "DELETE FROM api_key WHERE false", "TRUNCATE api_key CASCADE"])(
    "is never deleted: %s is refused",
    async (statement) => {
      await expect(sql(statement)).rejects.toThrow("is refused: its rows stay for good");
    },
  );

  test("nobody switches the rules off by the replication role", async () => {
    await expect(sql("SET session_replication_role = replica; DELETE FROM api_key")).rejects.toThrow("is refused");
  });

  test("has at most one unrevoked replacement", async () => {
    await sql(insertKey({ id: "'key_b'", replaces_id: "'key_a'" }));
    await expect(sql(insertKey({ replaces_id: "'key_a'" }))).rejects.toThrow("api_key_one_unrevoked_replacement");
    await sql("UPDATE api_key SET revoked_at = now() WHERE id = 'key_b'");
    await sql(insertKey({ replaces_id: "'key_a'" }));
  });

  test.each([
    [{ name: "''" }, "api_key_name_length"],
    [{ name: `'${"é".repeat(65)}'` }, "api_key_name_length"],
    [{ permissions: "'{}'" }, "api_key_permissions_not_empty"],
    [{ permissions: "ARRAY['campaigns:read', NULL]" }, "api_key_permissions_not_empty"],
    [{ permissions: "NULL" }, "not-null"],
    [{ secret_hash: "'\\x00'" }, "api_key_secret_hash_length"],
    [{ prefix: "'lk_'" }, "api_key_prefix_format"],
    [{ expires_at: "now() - interval '1 day'" }, "api_key_expires_after_creation"],
    [{ revoked_by_id: "'user_1'" }, "api_key_revoker_only_with_revocation"],
    [{ id: "'key_c'", replaces_id: "'key_c'" }, "api_key_replaces_another"],
  ])("with %o is refused by %s", async (columns, constraint) => {
    await expect(sql(insertKey(columns))).rejects.toThrow(constraint);
  });

  test("may have a name of 64 characters of several bytes each", async () => {
    await sql(insertKey({ name: `'${"🔑".repeat(64)}'` }));
  });
});

describe("the audit log", () => {
  test.each([
    "UPDATE audit_event SET action = 'nothing'",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
    "UPDATE team SET id = 'team_2'",
  ])("only grows: %s is refused", async (statement) => {
    await expect(sql(statement)).rejects.toThrow(/is refused: its rows stay for good|does not change/);
    expect(await sql("SELECT action FROM audit_event")).toEqual([{ action: "team.created" }]);
  });
});

test.each([
  [
    `INSERT INTO "user" (id, name, email, updated_at) VALUES ('u', 'U', 'Ada@Acme.example', now())`,
    "user_email_lower_case",
  ],
  [`UPDATE "user" SET ban_reason = 'spam'`, "user_ban_is_whole"],
  [
    "INSERT INTO member (id, team_id, user_id, role) VALUES ('m', 'team_1', 'user_1', 'owner,admin')",
    "member_role_known",
  ],
  [
    "INSERT INTO invitation (id, team_id, email, role, expires_at, inviter_id, token_hash) VALUES ('i', 'team_1', 'b@acme.example', 'root', now(), 'user_1', sha256('i'))",
    "invitation_role_known",
  ],
  [
    "INSERT INTO subscription (team_id, plan, status, current_period_start, updated_at) VALUES ('team_1', 'free', 'active', now(), now())",
    "subscription_plan_known",
  ],
  [
    "INSERT INTO subscription (team_id, plan, status, requests_per_minute, current_period_start, updated_at) VALUES ('team_1', 'scale', 'active', 0, now(), now())",
    "subscription_requests_per_minute_positive",
  ],
  ["INSERT INTO pepper (id, fingerprint) VALUES ('p3', '')", "pepper_fingerprint_not_empty"],
])("%s is refused by %s", async (statement, constraint) => {
  await expect(sql(statement)).rejects.toThrow(constraint);
});
