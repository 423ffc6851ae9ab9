import { afterAll, beforeAll, expect, test } from "vitest";
import { lookAt, retell } from "../../../test/audit/retell.ts";
import { startCuttingProxy, type CuttingProxy } from "../../../test/database/cutting-proxy.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database/test-database.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";
import type { RequestContext } from "../../platform/request-context.ts";

/** `.ci/run` asks for 1,000. */
const ROUNDS = Number(process.env["ROUNDS"] ?? 60);

let database: TestDatabase;
let proxy: CuttingProxy;
let server: TestServer;
let acme: Team;
let owner: RequestContext;
let root: RequestContext;
let member: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startCuttingProxy(database.url);
  server = await startTestServer({}, proxy.url);
  const story = new Story(server);
  acme = await story.team("Acme Ads");
  member = await story.member(acme, "viewer");
  owner = await story.contextOf(acme.owner);
  root = await story.contextOf(await story.superAdmin());
  await server.sql(FAULTS);
});
afterAll(async () => {
  await server.close();
  await proxy.close();
  await database.drop();
});

/** What a row of `fault` says happens to the next transaction: at its event, at its change, or when it commits. */
const FAULTS = `
  CREATE TABLE fault (kind text NOT NULL);
  INSERT INTO fault VALUES ('none');
  CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE wanted text := (SELECT kind FROM fault);
  BEGIN
    IF wanted = TG_ARGV[0] || ' refused' THEN RAISE EXCEPTION 'Refused by the test.'; END IF;
    IF wanted = TG_ARGV[0] || ' killed' THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
    RETURN NULL;
  END; $$;
  CREATE TRIGGER fail_event AFTER INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION fail('event');
  ${["api_key", "member", "invitation", "subscription"]
    .map(
      (table) => `
  CREATE TRIGGER fail_change AFTER INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION fail('change');
  CREATE CONSTRAINT TRIGGER fail_commit AFTER INSERT OR UPDATE OR DELETE ON ${table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail('commit');`,
    )
    .join("")}`;

const IN_THE_DATABASE = ["event refused", "event killed", "change refused", "commit refused", "commit killed"] as const;
const FAULT_KINDS = ["none", ...IN_THE_DATABASE, "cut before", "cut after"] as const;

let counter = 0;
const one = async (statement: string) => (await server.sql<{ id: string }>(statement, [acme.id]))[0]?.id ?? "";
const activeKey = () => one("SELECT id FROM api_key WHERE team_id = $1 AND revoked_at IS NULL ORDER BY random()");
const pick = <Value>(...values: readonly Value[]): Value => values[(counter += 1) % values.length] as Value;

/** One change of each kind, in the words of the services. */
const CHANGES: Record<string, () => Promise<unknown>> = {
  create: () =>
    server.services.apiKeys.create(owner, { name: `Key ${(counter += 1)}`, permissions: ["analytics:read"] }),
  rename: async () =>
    server.services.apiKeys.rename(owner, { id: await activeKey(), name: `Renamed ${(counter += 1)}` }),
  revoke: async () => server.services.apiKeys.revoke(owner, { id: await activeKey() }),
  "change of role": async () =>
    server.services.members.changeRole(owner, {
      memberId: await one(`SELECT id FROM member WHERE team_id = $1 AND role <> 'owner'`),
      role: pick("viewer", "manager", "admin"),
    }),
  removal: async () =>
    server.services.members.remove(owner, {
      memberId: await one(`SELECT id FROM member WHERE team_id = $1 AND role <> 'owner'`),
    }),
  joining: () => server.services.teams.addMember(owner, { teamId: acme.id, userId: member.id, role: "viewer" }),
  invitation: () =>
    server.services.invitations.invite(owner, { email: `guest-${(counter += 1)}@acme.example`, role: "viewer" }),
  cancellation: async () =>
    server.services.invitations.cancel(owner, {
      id: await one("SELECT id FROM invitation WHERE team_id = $1 AND status = 'pending'"),
    }),
  subscription: () =>
    server.services.backoffice.setSubscription(root, { teamId: acme.id, plan: pick("growth", "scale", "enterprise") }),
  ban: () => server.services.backoffice.setUserBan(root, { userId: member.id, banned: pick(true, false) }),
};

async function round(fault: (typeof FAULT_KINDS)[number], change: () => Promise<unknown>): Promise<boolean> {
  await server.sql("UPDATE fault SET kind = $1", [fault]);
  if (fault === "cut before") proxy.arm("before");
  if (fault === "cut after") proxy.arm("after");
  try {
    await change();
    return true;
  } catch {
    return false;
  } finally {
    proxy.disarm();
  }
}

test(
  "whatever goes wrong, and whenever: the audit log tells exactly what the tables hold",
  { timeout: 240_000 },
  async () => {
    const outcomes = new Map<string, { done: number; failed: number }>();
    const changes = Object.values(CHANGES);
    for (let number = 0; number < ROUNDS; number += 1) {
      // Every fault meets every change: the two counts have no divisor in common but two.
      const fault = FAULT_KINDS[(number + Math.floor(number / 40)) % FAULT_KINDS.length] ?? "none";
      const isDone = await round(fault, changes[number % changes.length] ?? (async () => undefined));
      const outcome = outcomes.get(fault) ?? { done: 0, failed: 0 };
      outcomes.set(fault, isDone ? { ...outcome, done: outcome.done + 1 } : { ...outcome, failed: outcome.failed + 1 });
    }
    await server.sql("UPDATE fault SET kind = 'none'");
    const { world, contradictions } = await retell(server);
    expect(contradictions).toEqual([]);
    expect(await lookAt(server)).toEqual(world);
    // Faults that hurt nobody would show nothing.
    expect(outcomes.get("none")?.done).toBeGreaterThan(0);
    for (const kind of FAULT_KINDS.slice(1)) expect([kind, outcomes.get(kind)?.failed]).not.toEqual([kind, 0]);
  },
);
