import { actAs } from "../identity/act-as.ts";
import type { CallRow } from "../modules/activity/call.ts";
import type { Services } from "../services.ts";
import { callsOf, permissionUsesOf } from "./demo-calls.ts";
import type { DemoClock } from "./demo-clock.ts";
import { DEMO_TEAMS, SUPER_ADMIN, type DemoKey, type DemoTeam } from "./story.ts";

interface Dependencies {
  /** Composed with the demo's clock. */
  readonly services: Services;
  readonly clock: DemoClock;
  readonly now: Date;
  readonly passwordFor: (email: string) => string;
  /** Takes calls that have their times. */
  readonly recordCalls: RecordCalls;
}

export type RecordCalls = (calls: readonly CallRow[]) => Promise<void>;

/**
 * Tells the story through the services. A telling that was cut off, between whichever two writes, goes on where it
 * ended; passwords are set anew, because the start that was cut off never told them.
 */
export async function seedDemo({ services, clock, now, passwordFor, recordCalls }: Dependencies): Promise<void> {
  const { accounts } = services;
  const findOrCreate = async ({ email, name }: { email: string; name: string }): Promise<string> =>
    ((await accounts.findByEmail(email)) ?? (await accounts.create({ email, name }))).id;
  const ensurePerson = async (person: { email: string; name: string }): Promise<string> => {
    const id = await findOrCreate(person);
    await accounts.setPassword(id, passwordFor(person.email));
    return id;
  };

  for (const team of DEMO_TEAMS) {
    const people = new Map<string, string>();
    for (const member of team.members) people.set(member.email, await ensurePerson(member));
    clock.daysAgo = team.createdDaysAgo;
    const teamId = await ensureTeam(services, team, people);
    for (const key of team.keys)
      await ensureKey({ services, clock, now, teamId, key, recordCalls, userId: idOf(people, key.by) });
  }
  clock.daysAgo = 0;
  const superAdminId = await findOrCreate(SUPER_ADMIN);
  await accounts.makeSuperAdmin(superAdminId);
  // The last write of all: by it `isDemoTold` knows the end.
  await accounts.setPassword(superAdminId, passwordFor(SUPER_ADMIN.email));
}

export async function isDemoTold({ accounts }: Services): Promise<boolean> {
  const superAdmin = await accounts.findByEmail(SUPER_ADMIN.email);
  return superAdmin !== null && (await accounts.hasPassword(superAdmin.id));
}

async function ensureTeam(services: Services, team: DemoTeam, people: ReadonlyMap<string, string>): Promise<string> {
  const [owner, ...others] = team.members;
  if (owner === undefined) throw new Error("A team without an owner.");
  const ownerId = idOf(people, owner.email);
  const { name, plan, status } = team;
  const existing = await services.teams.findBySlug(team.slug);
  const { id } =
    existing ?? (await services.teams.create(await asPerson(services, ownerId), { name, plan, status, ownerId }));
  for (const { email, role } of others) {
    const userId = idOf(people, email);
    const { memberships } = (await asPerson(services, userId)).actor;
    if (memberships.some((membership) => membership.teamId === id)) continue;
    await services.teams.addMember(await asPerson(services, ownerId), { teamId: id, userId, role });
  }
  return id;
}

interface KeyToTell {
  readonly services: Services;
  readonly clock: DemoClock;
  readonly now: Date;
  readonly teamId: string;
  readonly userId: string;
  readonly key: DemoKey;
  readonly recordCalls: RecordCalls;
}

async function ensureKey(telling: KeyToTell): Promise<void> {
  const { services, clock, now, teamId, userId, key, recordCalls } = telling;
  const context = await asPerson(services, userId);
  const { keys } = await services.apiKeys.list(context, { teamId, first: 100 });
  const told = keys.find(({ key: { name } }) => name === key.name)?.key;
  const replacesId = keys.find(({ key: { name } }) => name === key.replaces)?.key.id;
  const { id, lastUsed, refusedSinceRevocation, revokedAt } = told ?? (await createKey(telling, replacesId));

  // All of them at once: one statement tells them, or none of them.
  const isUsed = lastUsed !== null || refusedSinceRevocation > 0;
  if (!isUsed) await services.permissionUse.store(permissionUsesOf(key, id));
  if (!isUsed) await recordCalls(callsOf(key, { id, teamId, userId }, now.getTime()));

  if (key.revokedDaysAgo !== undefined && revokedAt === null) {
    clock.daysAgo = key.revokedDaysAgo;
    await services.apiKeys.revoke(context, { id });
  }
}

async function createKey({ services, clock, teamId, userId, key }: KeyToTell, replacesId: string | undefined) {
  const { name, permissions, expiresInDays } = key;
  clock.daysAgo = key.createdDaysAgo;
  const input = { teamId, name, permissions: [...permissions], expiresInDays, replacesId };
  return (await services.apiKeys.create(await asPerson(services, userId), input)).apiKey;
}

/** The context of a demo person. */
export function asPerson({ people }: Services, userId: string) {
  return actAs(people, userId, { name: "Latchkey demo", requestId: "req_demo" });
}

function idOf(people: ReadonlyMap<string, string>, email: string): string {
  const id = people.get(email);
  if (id === undefined) throw new Error(`${email} is not in the demo's team.`);
  return id;
}
