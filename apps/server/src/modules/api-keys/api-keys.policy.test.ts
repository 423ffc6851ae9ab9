import { accessTo, type Actor, type KeyActor, type SessionActor } from "@latchkey/types/actor";
import { permissionsOfRole } from "@latchkey/types/permissions";
import { TEAM_ROLES, type TeamRole } from "@latchkey/types/roles";
import { expect, test } from "vitest";
import { isVisible, keyVisibility, missingToChange, missingToCreate } from "./api-keys.policy.ts";

const person = (role: TeamRole | null, isSuperAdmin = false): SessionActor => ({
  kind: "session",
  sessionId: "session_a",
  userId: "user_me",
  isSuperAdmin,
  memberships: role === null ? [] : [{ memberId: "member_a", teamId: "team_a", role }],
  selectedTeamId: role === null ? null : "team_a",
});
const key = (permissions: KeyActor["permissions"]): KeyActor => ({
  kind: "key",
  key: { id: "key_a", name: "a", prefix: "lk_aaaa", expiresAt: null },
  userId: "user_me",
  userName: "Olivia Owner",
  teamId: "team_a",
  teamName: "Acme Ads",
  teamSlug: "acme-ads",
  role: "owner",
  permissions,
  isSubscriptionUsable: true,
  plan: "growth",
});
const own = { createdBy: { id: "user_me" } };
const others = { createdBy: { id: "user_other" } };

const sees = (actor: Actor, teamId: string, which: typeof own) => {
  const access = accessTo(actor, teamId);
  return access !== null && isVisible(keyVisibility(actor, access), which);
};
const changes = (actor: Actor, teamId: string, which: typeof own) => {
  const access = accessTo(actor, teamId);
  return access !== null && missingToChange(actor, access, which.createdBy.id) === null;
};
const creates = (actor: Actor, teamId: string) => {
  const access = accessTo(actor, teamId);
  return access !== null && missingToCreate(access) === null;
};

// role: [sees own, sees others', changes own, changes others', creates]
const IN_THEIR_TEAM: Record<TeamRole, readonly boolean[]> = {
  owner: [true, true, true, true, true],
  admin: [true, true, true, true, true],
  manager: [true, false, true, false, false],
  viewer: [true, false, true, false, false],
};
const NOTHING = [false, false, false, false, false];
const row = (actor: Actor, teamId: string) => [
  sees(actor, teamId, own),
  sees(actor, teamId, others),
  changes(actor, teamId, own),
  changes(actor, teamId, others),
  creates(actor, teamId),
];

test.each(TEAM_ROLES)("%s: keys of the own team by role, of another team none", (role) => {
  expect(row(person(role), "team_a")).toEqual(IN_THEIR_TEAM[role]);
  expect(row(person(role), "team_b")).toEqual(NOTHING);
});

test("a super_admin does everything in any team", () => {
  for (const teamId of ["team_a", "team_b"])
    expect(row(person(null, true), teamId)).toEqual([true, true, true, true, true]);
});

test("nobody, and a person without a team, do nothing", () => {
  expect(row({ kind: "nobody" }, "team_a")).toEqual(NOTHING);
  expect(row(person(null), "team_a")).toEqual(NOTHING);
});

test("a key sees with api_keys:read, and changes nothing with any permission a key can have", () => {
  expect(row(key(["analytics:read"]), "team_a")).toEqual(NOTHING);
  expect(row(key(["api_keys:read"]), "team_a")).toEqual([true, true, false, false, false]);
  expect(row(key(["api_keys:read"]), "team_b")).toEqual(NOTHING);
});

test("a membership is worth exactly its role's permissions", () => {
  for (const role of TEAM_ROLES) expect(accessTo(person(role), "team_a")?.permissions).toEqual(permissionsOfRole(role));
});
