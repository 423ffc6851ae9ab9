import { permissionsOfRole, PERMISSIONS } from "@latchkey/types/permissions";
import { graphql, rest } from "../doors.ts";
import { Story, type Person, type Team } from "../story.ts";
import type { TestServer } from "../test-server.ts";

// Who asks, and about whose things. Whatever a call may change is made anew for it.

export const PRINCIPALS = [
  "anonymous",
  "viewer",
  "manager",
  "admin",
  "owner",
  "outsider",
  "removed",
  "superAdmin",
  "key",
  "bareKey",
] as const;
export type PrincipalName = (typeof PRINCIPALS)[number];

export type Principal =
  | { readonly kind: "anonymous" }
  | { readonly kind: "person"; readonly person: Person }
  | { readonly kind: "key"; readonly secret: string };

/** Something of a team, or nothing at all: what the ids of a call name. */
export interface Target {
  readonly teamId: string;
  readonly userId: string;
  readonly keyCursor: string;
  readonly memberCursor: string;
  readonly teamCursor: string;
  readonly personCursor: string;
  readonly auditCursor: string;
  readonly callCursor: string;
  /** Of a key of the team that was refused. */
  readonly requestId: string;
  readonly notificationCursor: string;
  key(): Promise<string>;
  /** Somebody of the team whom nobody else here is. */
  person(): Promise<string>;
  member(): Promise<string>;
  invitation(): Promise<string>;
  /** The end of an invitation's link: for this address where the target is one's own. */
  link(email: string): Promise<string>;
  /** What this person was told of the team, where the target is one's own; else what somebody else was. */
  notification(userId: string | null): Promise<string>;
}

export interface Cast {
  readonly principals: Readonly<Record<PrincipalName, Principal>>;
  readonly own: Target;
  readonly foreign: Target;
  readonly random: Target;
  /** Puts memberships and selected teams back as they were. */
  restore(): Promise<void>;
  /** Of all that a mutation could change. */
  digest(): Promise<string>;
}

/** In everything of the own team that not every member may see. */
export const CONFIDENTIAL = /confidential/i;
/** In everything of a team that nobody here but the super_admin may see. */
export const CANARY = /canary/i;

const ADMIN_KEY = PERMISSIONS.filter(({ keyMayHold }) => keyMayHold)
  .map(({ name }) => name)
  .filter((name) => permissionsOfRole("admin").includes(name));

export async function createCast(server: TestServer): Promise<Cast> {
  const story = new Story(server);
  const acme = await story.team("Confidential boss");
  await server.sql("UPDATE team SET name = 'Acme Ads', slug = 'acme-ads' WHERE id = $1", [acme.id]);
  const elsewhere = await story.team("Hooli");
  const canary = await story.team("Canary Industries");
  const outsider = (await story.team("Globex Media")).owner;
  const [viewer, manager, admin, owner, removed] = await Promise.all(
    (["viewer", "manager", "admin", "owner", "admin"] as const).map((role) => story.member(acme, role)),
  );
  if (!viewer || !manager || !admin || !owner || !removed) throw new Error("Somebody is missing.");
  const superAdmin = await story.superAdmin();
  await server.sql("DELETE FROM member WHERE user_id = $1", [removed.id]);
  // Their ways in are on record by now: whatever else a refusal writes is a change.
  for (const team of [canary, acme]) {
    const input = `input: { teamId: "${team.id}" }`;
    await graphql(server, superAdmin, `mutation { selectTeam(${input}) { __typename } }`);
  }
  const key = await story.key(admin, { name: "confidential key", permissions: [...ADMIN_KEY] });
  const bareKey = await story.key(admin, { name: "bare key", permissions: ["analytics:read"] });

  const asPerson = (person: Person): Principal => ({ kind: "person", person });
  const own = await targetOf(server, story, superAdmin, acme, "confidential", elsewhere);
  const foreign = await targetOf(server, story, superAdmin, canary, "canary", null);
  return {
    principals: {
      anonymous: { kind: "anonymous" },
      viewer: asPerson(viewer),
      manager: asPerson(manager),
      admin: asPerson(admin),
      owner: asPerson(owner),
      outsider: asPerson(outsider),
      removed: asPerson(removed),
      superAdmin: asPerson(superAdmin),
      key: { kind: "key", secret: key.secret },
      bareKey: { kind: "key", secret: bareKey.secret },
    },
    own,
    foreign,
    random: nothing(foreign),
    restore: await createRestore(
      server,
      [viewer, manager, admin, owner, outsider, removed, superAdmin].map(({ id }) => id),
    ),
    digest: () => digestOf(server),
  };
}

async function targetOf(
  server: TestServer,
  story: Story,
  superAdmin: Person,
  team: Team,
  word: string,
  inviting: Team | null,
): Promise<Target> {
  let counter = 0;
  const fresh = () => `${word}-${(counter += 1)}@acme.example`;
  const { services } = server;
  const context = () => story.contextOf(team.owner);
  const join = async () => {
    const email = fresh();
    const { id: userId } = await services.accounts.create({ email, name: email });
    const { memberId } = await services.teams.addMember(await context(), { teamId: team.id, userId, role: "viewer" });
    return { userId, memberId };
  };
  const member = async () => (await join()).memberId;
  const key = async () => (await story.key(team.owner, { name: `${word} key` })).id;
  await key();
  await member();
  const keys = await graphql(server, team.owner, "{ apiKeys(first: 1) { pageInfo { endCursor } } }");
  const members = await rest(server, { person: team.owner }, "GET", "/members?limit=1");
  const requestId = await refusedRequest(server, story, team, word);
  const calls = await graphql(server, team.owner, "{ activity(first: 1) { pageInfo { endCursor } } }");
  const audit = await graphql(server, team.owner, "{ auditLog(first: 1) { pageInfo { endCursor } } }");
  const lists = "{ teams(first: 1) { pageInfo { endCursor } } people(first: 1) { pageInfo { endCursor } } }";
  const { data: backoffice } = await graphql(server, superAdmin, lists);
  return {
    teamId: team.id,
    userId: team.owner.id,
    keyCursor: keys.data.apiKeys.pageInfo.endCursor,
    memberCursor: members.body.page.nextCursor,
    teamCursor: backoffice.teams.pageInfo.endCursor,
    personCursor: backoffice.people.pageInfo.endCursor,
    auditCursor: audit.data.auditLog.pageInfo.endCursor,
    callCursor: calls.data.activity.pageInfo.endCursor,
    requestId,
    notificationCursor: cursorOf("notification", await notify(server, team, team.owner.id)),
    // Without a person it is a key's: of its creator, the team's one admin.
    notification: async (userId) => {
      if (inviting === null) return notify(server, team, team.owner.id);
      const [admin] = await server.sql<{ id: string }>(
        "SELECT user_id AS id FROM member WHERE team_id = $1 AND role = 'admin'",
        [team.id],
      );
      return notify(server, team, userId ?? admin?.id ?? "");
    },
    key,
    person: async () => (await join()).userId,
    member,
    invitation: async () =>
      (await services.invitations.invite(await context(), { email: fresh(), role: "viewer" })).invitation.id,
    async link(email) {
      const from = inviting === null ? await context() : await story.contextOf(inviting.owner);
      const invited = inviting === null ? fresh() : email;
      const { link } = await services.invitations.invite(from, { email: invited, role: "viewer" });
      return link.split("/").at(-1) ?? "";
    },
  };
}

async function refusedRequest(server: TestServer, story: Story, team: Team, word: string): Promise<string> {
  const { secret } = await story.key(team.owner, { name: `${word} key` });
  const { headers } = await rest(server, { key: secret }, "GET", "/members");
  await server.activity.flush();
  return headers.get("x-request-id") ?? "";
}

let told = 0;

/** Past the schedule, which tells people of what has happened. */
async function notify({ sql }: TestServer, team: Team, userId: string): Promise<string> {
  const id = `notification_${String((told += 1)).padStart(20, "0")}`;
  await sql(
    `INSERT INTO notification (id, user_id, team_id, kind, subject, reached_limit, at)
     VALUES ($1, $2, $3, 'KEY_LIMIT_REACHED', $1, 10, now())`,
    [id, userId, team.id],
  );
  return id;
}

function cursorOf(list: string, id: string): string {
  return Buffer.from(JSON.stringify([list, new Date().toISOString(), id])).toString("base64url");
}

/** Well-formed ids of nothing. The cursors stand where the foreign ones stand, at a row that is not there. */
function nothing(foreign: Target): Target {
  const id = (prefix: string) => `${prefix}_${"0".repeat(20)}`;
  const elsewhere = (cursor: string, prefix: string) => {
    const parts = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as unknown[];
    return Buffer.from(JSON.stringify([...parts.slice(0, -1), id(prefix)])).toString("base64url");
  };
  return {
    teamId: id("team"),
    userId: id("user"),
    keyCursor: elsewhere(foreign.keyCursor, "key"),
    memberCursor: elsewhere(foreign.memberCursor, "member"),
    teamCursor: elsewhere(foreign.teamCursor, "team"),
    personCursor: elsewhere(foreign.personCursor, "user"),
    auditCursor: elsewhere(foreign.auditCursor, "evt"),
    callCursor: elsewhere(foreign.callCursor, "req"),
    requestId: id("req"),
    notificationCursor: elsewhere(foreign.notificationCursor, "notification"),
    notification: async () => id("notification"),
    person: async () => id("user"),
    key: async () => id("key"),
    member: async () => id("member"),
    invitation: async () => id("invitation"),
    link: async () => "0".repeat(32),
  };
}

async function createRestore(server: TestServer, userIds: readonly string[]): Promise<() => Promise<void>> {
  const members = await server.sql("SELECT * FROM member WHERE user_id = ANY($1)", [userIds]);
  const sessions = await server.sql("SELECT id, active_team_id FROM session WHERE user_id = ANY($1)", [userIds]);
  return async () => {
    await server.sql("DELETE FROM member WHERE user_id = ANY($1) AND NOT id = ANY($2)", [
      userIds,
      members.map(({ ["id"]: id }) => id as string),
    ]);
    await server.sql(
      `INSERT INTO member SELECT * FROM json_populate_recordset(NULL::member, $1::json)
         ON CONFLICT (id) DO UPDATE SET role = excluded.role`,
      [JSON.stringify(members)],
    );
    await server.sql(
      `UPDATE session s SET active_team_id = k.active_team_id
         FROM json_populate_recordset(NULL::session, $1::json) k WHERE s.id = k.id`,
      [JSON.stringify(sessions)],
    );
  };
}

async function digestOf(server: TestServer): Promise<string> {
  const [row] = await server.sql<{ digest: string }>(`
    SELECT md5(string_agg(line, ' ' ORDER BY line)) AS digest FROM (
      SELECT t::text AS line FROM team t UNION ALL SELECT m::text FROM member m UNION ALL SELECT k::text FROM api_key k
      UNION ALL SELECT b::text FROM subscription b UNION ALL SELECT concat(u.id, u.banned_at) FROM "user" u
      UNION ALL SELECT i::text FROM invitation i UNION ALL SELECT a.id FROM audit_event a
      UNION ALL SELECT concat(n.id, n.read_at) FROM notification n
      UNION ALL SELECT s.id || coalesce(s.active_team_id, '') FROM session s) lines`);
  return row?.digest ?? "";
}
