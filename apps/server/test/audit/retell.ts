import type { TestServer } from "../test-server.ts";

// What the tables would hold if nothing were true but the audit log.

interface Told {
  readonly action: string;
  readonly target_id: string;
  readonly team_id: string | null;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

type World = Readonly<Record<"keys" | "members" | "invitations" | "plans" | "banned", Record<string, unknown>>>;

/** The log, told from the beginning. What it contradicts itself in is an event without its change, or a change without its event. */
export async function retell(server: TestServer): Promise<{ world: World; contradictions: string[] }> {
  const events = await server.sql<Told>("SELECT * FROM audit_event ORDER BY at, id");
  const world: World = { keys: {}, members: {}, invitations: {}, plans: {}, banned: {} };
  const contradictions: string[] = [];
  for (const event of events) {
    const { action, target_id: id, before, after } = event;
    const expectBefore = (known: unknown, told: unknown) => {
      if (known !== told)
        contradictions.push(`${action} of ${id}: ${String(told)} before, and it was ${String(known)}`);
    };
    const { keys, members, invitations, plans, banned } = world;
    if (action === "api_key.created") keys[id] = `${String(after?.["name"])} ACTIVE`;
    else if (action === "api_key.renamed") {
      expectBefore(keys[id], `${String(before?.["name"])} ACTIVE`);
      keys[id] = `${String(after?.["name"])} ACTIVE`;
    } else if (action === "api_key.revoked") {
      if (!String(keys[id]).endsWith(" ACTIVE")) contradictions.push(`${id} was revoked twice, or never made`);
      keys[id] = String(keys[id]).replace(" ACTIVE", " REVOKED");
    } else if (action === "member.added") members[id] = after?.["role"];
    else if (action === "member.role_changed") {
      expectBefore(members[id], before?.["role"]);
      members[id] = after?.["role"];
    } else if (action === "member.removed") {
      expectBefore(members[id], before?.["role"]);
      delete members[id];
    } else if (action === "invitation.created") invitations[id] = "pending";
    else if (action === "invitation.cancelled") {
      expectBefore(invitations[id], "pending");
      invitations[id] = "cancelled";
    } else if (action === "team.created") plans[id] = after?.["plan"];
    else if (action === "subscription.changed") {
      expectBefore(plans[id], before?.["plan"]);
      plans[id] = after?.["plan"];
    } else if (action === "user.banned" && event.team_id === null) banned[id] = true;
    else if (action === "user.unbanned" && event.team_id === null) delete banned[id];
  }
  return { world, contradictions };
}

/** What they do hold. */
export async function lookAt(server: TestServer): Promise<World> {
  const table = async (statement: string) =>
    Object.fromEntries((await server.sql<{ id: string; is: unknown }>(statement)).map(({ id, is }) => [id, is]));
  return {
    keys: await table(
      `SELECT id, name || CASE WHEN revoked_at IS NULL THEN ' ACTIVE' ELSE ' REVOKED' END AS is FROM api_key`,
    ),
    members: await table("SELECT id, role AS is FROM member"),
    invitations: await table("SELECT id, status AS is FROM invitation"),
    plans: await table("SELECT team_id AS id, plan AS is FROM subscription"),
    banned: await table(`SELECT id, true AS is FROM "user" WHERE banned_at IS NOT NULL`),
  };
}
