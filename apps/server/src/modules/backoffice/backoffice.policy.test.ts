import type { Actor, KeyActor, SessionActor } from "@latchkey/types/actor";
import { TEAM_ROLES, type TeamRole } from "@latchkey/types/roles";
import { expect, test } from "vitest";
import { mayBan, mayUseBackoffice } from "./backoffice.policy.ts";

const person = (role: TeamRole | null, isSuperAdmin = false): SessionActor => ({
  kind: "session",
  sessionId: "session_a",
  userId: "user_me",
  isSuperAdmin,
  memberships: role === null ? [] : [{ memberId: "member_me", teamId: "team_a", role }],
  selectedTeamId: role === null ? null : "team_a",
});
const keyOfSuperAdmin: KeyActor = {
  kind: "key",
  key: { id: "key_a", name: "a", prefix: "lk_aaaa", expiresAt: null },
  userId: "user_me",
  userName: "Olivia Owner",
  teamId: "team_a",
  teamName: "Acme Ads",
  teamSlug: "acme-ads",
  role: "super_admin",
  permissions: ["api_keys:read", "backoffice:access"],
  isSubscriptionUsable: true,
  plan: "growth",
};

// [who, may use the backoffice, may ban another, may ban themselves]
const TABLE: readonly [string, Actor, boolean, boolean, boolean][] = [
  ["nobody", { kind: "nobody" }, false, false, false],
  ...TEAM_ROLES.map((role) => [role, person(role), false, false, false] as [string, Actor, boolean, boolean, boolean]),
  ["somebody without a team", person(null), false, false, false],
  ["a super_admin", person(null, true), true, true, false],
  ["a super_admin who is a viewer somewhere", person("viewer", true), true, true, false],
  ["a key of a super_admin, whatever it holds", keyOfSuperAdmin, false, false, false],
];

test.each(TABLE)("%s", (_who, actor, mayUse, mayBanAnother, mayBanThemselves) => {
  expect(mayUseBackoffice(actor)).toBe(mayUse);
  expect(mayBan(actor, "user_other")).toBe(mayBanAnother);
  expect(mayBan(actor, "user_me")).toBe(mayBanThemselves);
});
