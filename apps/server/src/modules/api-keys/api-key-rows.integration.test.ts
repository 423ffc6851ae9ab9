import { afterAll, beforeAll, expect, test } from "vitest";
import { apiKeyStatus } from "@latchkey/types/api-key-status";
import type { Permission } from "@latchkey/types/permissions";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";
import type { ApiKey } from "./api-key.ts";

let server: TestServer;
let story: Story;
let superAdmin: Person;
let teams: readonly [Team, Team];

interface KeyRow {
  readonly id: string;
  readonly team_id: string;
  readonly created_by_id: string;
  readonly member_id: string | null;
  readonly revoked_by_id: string | null;
  readonly replaces_id: string | null;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly name: string;
  readonly prefix: string;
  readonly permissions: string[];
}

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  superAdmin = await story.superAdmin();
  teams = [await teamOfAllStates("Acme Ads"), await teamOfAllStates("Globex Media")];
  await server.sql("UPDATE subscription SET status = 'canceled' WHERE team_id = $1", [teams[1].id]);
});
afterAll(() => server.close());

/** Keys of people who stay, left, came back, were banned, or never were members; some used, revoked and replaced. */
async function teamOfAllStates(name: string): Promise<Team> {
  const team = await story.team(name);
  const [left, returned, banned, demoted] = [
    await story.member(team, "admin"),
    await story.member(team, "admin"),
    await story.member(team, "admin"),
    await story.member(team, "owner"),
  ];
  const permissions: Permission[] = ["analytics:read", "billing:read", "campaigns:launch"];
  const made = [];
  for (const person of [team.owner, left, returned, banned, demoted])
    for (const expiresInDays of [undefined, 5])
      made.push(await story.key(person, { name: `"Clé" \\ ${made.length}`, permissions, expiresInDays }));
  const [first, second, third] = made.map(({ id }) => id);
  if (first === undefined || second === undefined || third === undefined) throw new Error("Too few keys.");
  await story.key(team.owner, { replacesId: first });
  const revoked = await story.key(team.owner, { replacesId: second });
  const revoke = async (person: Person, id: string) =>
    server.services.apiKeys.revoke(await story.contextOf(person), { id });
  await revoke(team.owner, revoked.id);
  await revoke(left, third);
  const outsider = await story.contextOf(superAdmin);
  await server.services.apiKeys.create(outsider, { teamId: team.id, name: "Of an outsider", permissions });
  await server.sql("DELETE FROM member WHERE user_id = ANY($1)", [[left.id, returned.id]]);
  await server.sql("INSERT INTO member (id, team_id, user_id, role, created_at) VALUES ($1, $2, $3, 'owner', now())", [
    `member_again_${team.id}`,
    team.id,
    returned.id,
  ]);
  await server.sql(`UPDATE "user" SET banned_at = now(), ban_expires_at = $2 WHERE id = $1`, [
    banned.id,
    name.startsWith("Acme") ? null : new Date("2199-01-01T00:00:00.500Z"),
  ]);
  await server.sql("UPDATE member SET role = 'viewer' WHERE user_id = $1", [demoted.id]);
  await server.sql(
    `INSERT INTO api_key_last_used (key_id, last_used_at, last_used_ip, refused_since_revocation)
     SELECT id, now() - interval '1 hour', '2001:db8::1', 9007199254740991 FROM api_key WHERE team_id = $1 AND id < $2`,
    [team.id, first],
  );
  return team;
}

test("a list says of each key what the rows of its tables say, and so does a look-up by id, over several teams", async () => {
  const context = await story.contextOf(superAdmin);
  const pages = await Promise.all(teams.map(({ id }) => server.services.apiKeys.list(context, { teamId: id })));
  const listed = pages.flatMap(({ keys }) => keys.map(({ key }) => key));
  expect(listed.map(withoutStanding)).toEqual(await expectedKeys(listed.map(({ id }) => id)));
  const found = await server.services.apiKeys.findVisible(
    context,
    listed.map(({ id }) => id),
  );
  expect(sorted(found)).toEqual(sorted(listed));
});

test("what blocks a key is what has become of its maker, its team and its permissions", async () => {
  const context = await story.contextOf(superAdmin);
  const reasons = async ({ id }: Team) => {
    const { keys } = await server.services.apiKeys.list(context, { teamId: id, filter: { status: ["ACTIVE"] } });
    return keys.map(({ key }) => `${key.ownerRole} ${key.blockedReason} ${key.effectivePermissions.length}`).toSorted();
  };
  const left = "null OWNER_REMOVED 0";
  const [ofAcme, ofGlobex] = [await reasons(teams[0]), await reasons(teams[1])];
  // The owner's two and a replacement, the super admin's; those of who left (one is revoked), of who came back, of who
  // was banned, of who was demoted.
  const acme = ["owner null 3", "owner null 3", "owner null 1", "super_admin null 3", left, left, left];
  acme.push("admin OWNER_BANNED 3", "admin OWNER_BANNED 3", "viewer null 1", "viewer null 1");
  expect(ofAcme).toEqual(acme.toSorted());
  expect(ofGlobex).toEqual(acme.map((text) => text.replace("null ", stopped(text))).toSorted());
});

/** A cancelled subscription stops what nothing else stops. */
function stopped(text: string): string {
  return text.startsWith("null") ? "null " : "SUBSCRIPTION_INACTIVE ";
}

function sorted(keys: readonly ApiKey[]): ApiKey[] {
  return keys.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function withoutStanding({ blockedReason: _reason, effectivePermissions: _left, ownerRole: _role, ...key }: ApiKey) {
  return key;
}

/** The same by the plainest means: a statement for each row of each table. */
async function expectedKeys(ids: readonly string[]) {
  return Promise.all(
    ids.map(async (id) => {
      const [row] = await server.sql<KeyRow>("SELECT * FROM api_key WHERE id = $1", [id]);
      if (row === undefined) throw new Error("A listed key that is not there.");
      const person = async (userId: string) => {
        const [user] = await server.sql<{ name: string; email: string }>(`SELECT * FROM "user" WHERE id = $1`, [
          userId,
        ]);
        const members = await server.sql("SELECT FROM member WHERE team_id = $1 AND user_id = $2", [
          row.team_id,
          userId,
        ]);
        return { id: userId, name: user?.name, email: user?.email, teamId: row.team_id, isMember: members.length > 0 };
      };
      const [used] = await server.sql<{ last_used_at: Date; last_used_ip: string; refused_since_revocation: string }>(
        "SELECT * FROM api_key_last_used WHERE key_id = $1",
        [id],
      );
      const [replacement] = await server.sql<{ id: string }>(
        "SELECT id FROM api_key WHERE replaces_id = $1 AND revoked_at IS NULL",
        [id],
      );
      const { revoked_at: revokedAt, expires_at: expiresAt } = row;
      return {
        id,
        teamId: row.team_id,
        name: row.name,
        prefix: row.prefix,
        status: apiKeyStatus({ revokedAt, expiresAt }, new Date()),
        permissions: row.permissions,
        createdAt: row.created_at,
        createdBy: await person(row.created_by_id),
        expiresAt,
        expiresSoon: revokedAt === null && expiresAt !== null,
        lastUsed: used?.last_used_at ?? null,
        lastUsedIp: used?.last_used_ip ?? null,
        revokedAt,
        revokedBy: row.revoked_by_id === null ? null : await person(row.revoked_by_id),
        refusedSinceRevocation: Number(used?.refused_since_revocation ?? 0),
        replacesId: row.replaces_id,
        replacedById: replacement?.id ?? null,
      };
    }),
  );
}
