import type { KeyActor, SessionActor } from "@latchkey/types/actor";
import { expect, test } from "vitest";
import { notifiedTeams } from "./notifications.policy.ts";

const session: SessionActor = {
  kind: "session",
  sessionId: "session_1",
  userId: "user_1",
  isSuperAdmin: false,
  memberships: [
    { memberId: "member_1", teamId: "team_acme", role: "viewer" },
    { memberId: "member_2", teamId: "team_globex", role: "owner" },
  ],
  selectedTeamId: "team_acme",
};

test("a person is told of all teams they are in, whatever they are there and whichever is selected", () => {
  expect(notifiedTeams(session, "notifications:read")).toEqual(["team_acme", "team_globex"]);
  expect(notifiedTeams(session, "notifications:update")).toEqual(["team_acme", "team_globex"]);
});

test("a super_admin is told of the teams they are a member of, not of every team", () => {
  expect(notifiedTeams({ ...session, isSuperAdmin: true, memberships: [] }, "notifications:read")).toEqual([]);
});

test("a team that waits for a second factor tells nothing", () => {
  expect(notifiedTeams({ ...session, secondFactorMissingIn: ["team_globex"] }, "notifications:read")).toEqual([
    "team_acme",
  ]);
  expect(notifiedTeams({ ...session, secondFactorMissingIn: "everywhere" }, "notifications:read")).toEqual([]);
});

test("a key is told of its own team, if it holds the permission", () => {
  const key: KeyActor = {
    kind: "key",
    key: { id: "key_1", name: "Key", prefix: "lk_abcd", expiresAt: null },
    userId: "user_1",
    userName: "Ada",
    teamId: "team_acme",
    teamName: "Acme Ads",
    teamSlug: "acme-ads",
    role: "viewer",
    permissions: ["notifications:read"],
    isSubscriptionUsable: true,
    plan: "growth",
  };
  expect(notifiedTeams(key, "notifications:read")).toEqual(["team_acme"]);
  expect(notifiedTeams(key, "notifications:update")).toEqual([]);
});

test("nobody is told nothing", () => {
  expect(notifiedTeams({ kind: "nobody" }, "notifications:read")).toEqual([]);
});
