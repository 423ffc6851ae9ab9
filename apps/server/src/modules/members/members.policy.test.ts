import { accessTo, type Actor, type KeyActor, type SessionActor } from "@latchkey/types/actor";
import { TEAM_ROLES, type TeamRole } from "@latchkey/types/roles";
import { describe, expect, test } from "vitest";
import { mayManageMembers, mayRemove, maySeeMembers, rolesFor } from "./members.policy.ts";

const person = (role: TeamRole | null, isSuperAdmin = false): SessionActor => ({
  kind: "session",
  sessionId: "session_a",
  userId: "user_me",
  isSuperAdmin,
  memberships: role === null ? [] : [{ memberId: "member_me", teamId: "team_a", role }],
  selectedTeamId: role === null ? null : "team_a",
});
const key: KeyActor = {
  kind: "key",
  key: { id: "key_a", name: "a", prefix: "lk_aaaa", expiresAt: null },
  userId: "user_me",
  userName: "Olivia Owner",
  teamId: "team_a",
  teamName: "Acme Ads",
  teamSlug: "acme-ads",
  role: "owner",
  permissions: ["members:read"],
  isSubscriptionUsable: true,
  plan: "growth",
};

interface Options {
  readonly see: boolean;
  readonly manage: boolean;
  readonly remove: boolean;
  readonly assign: readonly TeamRole[];
}

/** What the actor may do in a team with a member who is this. Without any access: nothing. */
function may(actor: Actor, teamId: string, who: "own" | "other", target: TeamRole): Options {
  const access = accessTo(actor, teamId);
  if (access === null) return NOTHING;
  const member = { userId: who === "own" ? "user_me" : "user_other", role: target };
  return {
    see: maySeeMembers(access),
    manage: mayManageMembers(access),
    remove: mayRemove(actor, access, member),
    assign: rolesFor(access, member),
  };
}
const NOTHING: Options = { see: false, manage: false, remove: false, assign: [] };
const ALL: Options = { see: true, manage: true, remove: true, assign: TEAM_ROLES };
const BELOW_OWNER: Options = { see: true, manage: true, remove: true, assign: ["admin", "manager", "viewer"] };
const LOOK_ONLY: Options = { see: true, manage: true, remove: false, assign: [] };

// [actor][member]: what the actor may do with another member of the same team
const WITH_OTHERS: Record<TeamRole, Record<TeamRole, Options>> = {
  owner: { owner: ALL, admin: ALL, manager: ALL, viewer: ALL },
  admin: { owner: LOOK_ONLY, admin: BELOW_OWNER, manager: BELOW_OWNER, viewer: BELOW_OWNER },
  manager: { owner: NOTHING, admin: NOTHING, manager: NOTHING, viewer: NOTHING },
  viewer: { owner: NOTHING, admin: NOTHING, manager: NOTHING, viewer: NOTHING },
};

describe.each(TEAM_ROLES)("as %s", (role) => {
  test.each(TEAM_ROLES)("with another member who is %s", (target) => {
    expect(may(person(role), "team_a", "other", target)).toEqual(WITH_OTHERS[role][target]);
    expect(may(person(role), "team_b", "other", target)).toEqual(NOTHING);
  });

  test("with oneself: everybody may leave, and nobody makes more of themselves", () => {
    const { remove, assign } = may(person(role), "team_a", "own", role);
    expect(remove).toBe(true);
    expect(assign).toEqual(WITH_OTHERS[role][role].assign);
    expect(may(person(role), "team_b", "own", role)).toEqual(NOTHING);
  });
});

test.each(TEAM_ROLES)("a super_admin manages a member who is %s in any team", (target) => {
  for (const teamId of ["team_a", "team_b"]) expect(may(person(null, true), teamId, "other", target)).toEqual(ALL);
});

test.each(TEAM_ROLES)("nobody, and a person without a team, do nothing with a member who is %s", (target) => {
  for (const who of ["own", "other"] as const) {
    expect(may({ kind: "nobody" }, "team_a", who, target)).toEqual(NOTHING);
    expect(may(person(null), "team_a", who, target)).toEqual(NOTHING);
  }
});

test.each(TEAM_ROLES)("a key sees with members:read and changes nothing, not even its creator who is %s", (target) => {
  for (const who of ["own", "other"] as const) {
    expect(may(key, "team_a", who, target)).toEqual({ ...NOTHING, see: true });
    expect(may({ ...key, permissions: ["analytics:read"] }, "team_a", who, target)).toEqual(NOTHING);
    expect(may(key, "team_b", who, target)).toEqual(NOTHING);
  }
});
