import { accessTo, needsSecondFactor, roleIn, type SessionActor } from "@latchkey/types/actor";
import { permissionsOfRole } from "@latchkey/types/permissions";
import { TEAM_ROLES, type TeamRole } from "@latchkey/types/roles";
import { describe, expect, test } from "vitest";
import { secondFactorMissingIn } from "./second-factor.policy.ts";

const member = (role: TeamRole, teamRequiresSecondFactor: boolean, teamId = "team_a") => ({
  teamId,
  role,
  teamRequiresSecondFactor,
});
const missing = (memberships: readonly ReturnType<typeof member>[], isSuperAdmin = false, isProduction = true) =>
  secondFactorMissingIn({ isSuperAdmin, memberships }, isProduction);

describe("a second factor is missing", () => {
  test.each(TEAM_ROLES)("in no team that does not require one, for its %s", (role) => {
    expect(missing([member(role, false)])).toBeUndefined();
  });

  test("for owners and admins of a team that requires one, in that team alone", () => {
    expect(missing([member("owner", true), member("owner", false, "team_b")])).toEqual(["team_a"]);
    expect(missing([member("admin", true), member("admin", true, "team_b")])).toEqual(["team_a", "team_b"]);
  });

  test.each(["manager", "viewer"] as const)("never for a %s", (role) => {
    expect(missing([member(role, true)])).toBeUndefined();
  });

  test("for a super admin everywhere in production, and nowhere in local mode", () => {
    expect(missing([], true)).toBe("everywhere");
    expect(missing([member("viewer", false)], true)).toBe("everywhere");
    expect(missing([], true, false)).toBeUndefined();
  });
});

describe("an actor without the second factor that is required", () => {
  const actor: SessionActor = {
    kind: "session",
    sessionId: "session_a",
    userId: "user_a",
    isSuperAdmin: false,
    memberships: [
      { memberId: "member_a", teamId: "team_a", role: "owner" },
      { memberId: "member_b", teamId: "team_b", role: "admin" },
    ],
    selectedTeamId: "team_a",
    secondFactorMissingIn: ["team_a"],
  };

  test("has no standing in the team that requires it, and is still called what they are", () => {
    expect(needsSecondFactor(actor, "team_a")).toBe(true);
    expect(accessTo(actor, "team_a")).toBeNull();
    expect(roleIn(actor, "team_a")).toBe("owner");
  });

  test("has all of it in every other team", () => {
    expect(needsSecondFactor(actor, "team_b")).toBe(false);
    expect(accessTo(actor, "team_b")?.permissions).toEqual(permissionsOfRole("admin"));
  });

  test("as a super admin has none anywhere, whether such a team exists or not", () => {
    const superAdmin: SessionActor = { ...actor, secondFactorMissingIn: "everywhere" };
    for (const teamId of ["team_a", "team_b", "team_nowhere"]) expect(accessTo(superAdmin, teamId)).toBeNull();
    expect(roleIn(superAdmin, "team_nowhere")).toBeNull();
  });
});
