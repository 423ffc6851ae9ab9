import { accessTo, type SessionActor } from "@latchkey/types/actor";
import { TEAM_ROLES, type TeamRole } from "@latchkey/types/roles";
import { expect, test } from "vitest";
import { isUsable, mayInvite, mayManageInvitations, maySeeInvitations } from "./invitations.policy.ts";

const accessOf = (role: TeamRole, isSuperAdmin = false) => {
  const memberships = [{ memberId: "member_a", teamId: "team_a", role }];
  const actor: SessionActor = {
    kind: "session",
    sessionId: "session_a",
    userId: "user_me",
    isSuperAdmin,
    memberships,
    selectedTeamId: null,
  };
  const access = accessTo(actor, "team_a");
  if (access === null) throw new Error("A member without access.");
  return access;
};

const INVITES: Record<TeamRole, readonly TeamRole[]> = {
  owner: ["owner", "admin", "manager", "viewer"],
  admin: ["admin", "manager", "viewer"],
  manager: [],
  viewer: [],
};

test.each(TEAM_ROLES)("%s sees and makes invitations by role: only owners invite owners", (role) => {
  const access = accessOf(role);
  expect(TEAM_ROLES.filter((invited) => mayInvite(access, invited))).toEqual(INVITES[role]);
  expect(maySeeInvitations(access)).toBe(INVITES[role].length > 0);
  expect(mayManageInvitations(access)).toBe(INVITES[role].length > 0);
  expect(TEAM_ROLES.filter((invited) => mayInvite(accessOf(role, true), invited))).toEqual(TEAM_ROLES);
});

test("an invitation works while it is pending, before it ends, and for its address whatever the case", () => {
  const now = new Date("2026-11-22T08:00:00Z");
  const open = { email: "ada@acme.example", status: "pending", expiresAt: new Date(now.getTime() + 1) };
  expect(isUsable(open, "Ada@Acme.example", now)).toBe(true);
  expect(isUsable(open, "ada@acme.example.evil.example", now)).toBe(false);
  expect(isUsable({ ...open, expiresAt: now }, "ada@acme.example", now)).toBe(false);
  for (const status of ["accepted", "cancelled"])
    expect(isUsable({ ...open, status }, "ada@acme.example", now)).toBe(false);
});
