import { describe, expect, test } from "vitest";
import {
  domainOf,
  effectivePermissions,
  notGrantableReason,
  PERMISSION_NAMES,
  PERMISSIONS,
  permissionsOfRole,
} from "./permissions.ts";
import { ROLES } from "./roles.ts";

/** The table of spec §2, written down a second time: who holds what, and what a key may hold. */
const VIEWER = [
  "analytics:read",
  "reports:read",
  "campaigns:read",
  "ad_accounts:read",
  "notifications:read",
  "notifications:update",
];
const MANAGER = [
  ...VIEWER,
  "reports:export",
  "campaigns:create",
  "campaigns:update",
  "campaigns:launch",
  "campaigns:pause",
];
const KEYS_OF_ADMIN = [...MANAGER, "billing:read", "members:read", "audit_log:read", "api_keys:read"];
const NEVER_FOR_KEYS = ["api_keys:create", "api_keys:revoke", "members:manage", "backoffice:access"];
const ADMIN = [...KEYS_OF_ADMIN, "api_keys:create", "api_keys:revoke", "members:manage"];
const TABLE = { viewer: VIEWER, manager: MANAGER, admin: ADMIN, owner: ADMIN, super_admin: PERMISSION_NAMES };

describe("the catalogue", () => {
  test.each(ROLES)("gives %s exactly what the contract says", (role) => {
    expect([...permissionsOfRole(role)].toSorted()).toEqual([...TABLE[role]].toSorted());
  });

  test("lets keys hold everything but what only admins may write", () => {
    expect(
      PERMISSIONS.filter(({ keyMayHold }) => !keyMayHold)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(NEVER_FOR_KEYS.toSorted());
  });

  test("names each permission once, as domain:action, with words for people", () => {
    expect(new Set(PERMISSION_NAMES).size).toBe(PERMISSION_NAMES.length);
    for (const { name, title, description } of PERMISSIONS) {
      expect(name).toMatch(/^[a-z_]+:[a-z_]+$/);
      expect(name.startsWith(`${domainOf(name)}:`)).toBe(true);
      expect(title.length).toBeGreaterThan(5);
      expect(description).toMatch(/\.$/);
    }
  });
});

describe("what a key may do now", () => {
  test.each(ROLES)("is never more than %s holds, nor more than was chosen, nor what no key may hold", (role) => {
    const effective = effectivePermissions(PERMISSION_NAMES, role);
    expect([...effective].toSorted()).toEqual(TABLE[role].filter((name) => !NEVER_FOR_KEYS.includes(name)).toSorted());
    expect(effectivePermissions(["analytics:read"], role)).toEqual(["analytics:read"]);
  });

  test("is nothing without a role, without a choice, and for names that left the catalogue", () => {
    expect(effectivePermissions(PERMISSION_NAMES, null)).toEqual([]);
    expect(effectivePermissions([], "owner")).toEqual([]);
    expect(effectivePermissions(["gone:read", "*", "analytics"], "owner")).toEqual([]);
  });
});

test("a reason is given exactly where a permission cannot be granted", () => {
  for (const role of ROLES) {
    for (const permission of PERMISSION_NAMES) {
      const isGrantable = TABLE[role].includes(permission) && !NEVER_FOR_KEYS.includes(permission);
      expect(notGrantableReason(permission, permissionsOfRole(role)) === null).toBe(isGrantable);
    }
  }
});
