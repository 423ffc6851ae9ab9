import { permissionsOfRole } from "@latchkey/types/permissions";
import { ROLES } from "@latchkey/types/roles";
import { expect, test } from "vitest";
import { mayRequireSecondFactor, maySeeSecurity } from "./team-security.policy.ts";

const rolesWhich = (may: typeof maySeeSecurity) =>
  ROLES.filter((role) => may({ teamId: "team_a", memberId: "member_a", role, permissions: permissionsOfRole(role) }));

test("whoever sees the members sees whether they need a second factor", () => {
  expect(rolesWhich(maySeeSecurity)).toEqual(["super_admin", "owner", "admin"]);
});

test("only owners and super admins decide it", () => {
  expect(rolesWhich(mayRequireSecondFactor)).toEqual(["super_admin", "owner"]);
});
