import { actAs } from "../identity/act-as.ts";
import type { Services } from "../services.ts";
import type { DemoClock } from "./demo-clock.ts";
import { DEMO_TEAMS, SUPER_ADMIN, type DemoKey, type DemoTeam } from "./story.ts";

const HOUR_MILLISECONDS = 60 * 60 * 1000;

interface Dependencies {
  /** Composed with the demo's clock. */
  readonly services: Services;
  readonly clock: DemoClock;
  readonly now: Date;
  readonly passwordFor: (email: string) => string;
}

/** Tells the story through the services. A telling that was cut off goes on where it ended. */
export async function seedDemo({ services, clock, now, passwordFor }: Dependencies): Promise<void> {
  const ensurePerson = async ({ email, name }: { email: string; name: string }): Promise<string> => {
    const existing = await services.accounts.findByEmail(email);
    return (existing ?? (await services.accounts.create({ email, name, password: passwordFor(email) }))).id;
  };

  for (const team of DEMO_TEAMS) {
    const people = new Map<string, string>();
    for (const member of team.members) people.set(member.email, await ensurePerson(member));
    clock.daysAgo = team.createdDaysAgo;
    const teamId = await ensureTeam(services, team, people);
    for (const key of team.keys) await ensureKey({ services, clock, now, teamId, key, userId: idOf(people, key.by) });
  }
  clock.daysAgo = 0;
  await services.keyUse.flush();
  const superAdminId = await ensurePerson(SUPER_ADMIN);
  await services.accounts.makeSuperAdmin(superAdminId);
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
}

async function ensureKey({ services, clock, now, teamId, userId, key }: KeyToTell): Promise<void> {
  const context = await asPerson(services, userId);
  const { keys } = await services.apiKeys.list(context, { teamId, first: 100 });
  if (keys.some(({ key: existing }) => existing.name === key.name)) return;

  clock.daysAgo = key.createdDaysAgo;
  const { name, permissions, expiresInDays } = key;
  const replacesId = keys.find(({ key: other }) => other.name === key.replaces)?.key.id;
  const { apiKey } = await services.apiKeys.create(context, {
    teamId,
    name,
    permissions: [...permissions],
    expiresInDays,
    replacesId,
  });

  if (key.lastUsedHoursAgo !== undefined) {
    const at = new Date(now.getTime() - key.lastUsedHoursAgo * HOUR_MILLISECONDS);
    services.keyUse.accepted(apiKey.id, at, key.lastUsedIp ?? "127.0.0.1");
  }
  for (let call = 0; call < (key.refused ?? 0); call += 1) services.keyUse.refused(apiKey.id);
  await services.keyUse.flush();

  if (key.revokedDaysAgo !== undefined) {
    clock.daysAgo = key.revokedDaysAgo;
    await services.apiKeys.revoke(context, { id: apiKey.id });
  }
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
