import { PERMISSION_NAMES } from "@latchkey/types/permissions";
import { expect, test } from "vitest";
import { permissionUseOf } from "./permission-use.ts";

const AT = new Date("2026-11-22T08:00:00Z");
const useOf = (
  key: Parameters<typeof permissionUseOf>[0],
  permission: string,
  lastUsed: ReadonlyMap<string, Date> = new Map(),
) => permissionUseOf(key, lastUsed).find((use) => use.permission === permission);

test("an effective permission has no reason, and says when it was used", () => {
  const key = {
    permissions: ["reports:read"],
    effectivePermissions: ["reports:read"],
    ownerRole: "viewer",
  } as const;
  expect(useOf(key, "reports:read", new Map([["reports:read", AT]]))).toEqual({
    permission: "reports:read",
    chosen: true,
    effective: true,
    reason: null,
    lastUsed: AT,
  });
  expect(useOf(key, "reports:read")?.lastUsed).toBeNull();
});

test.each([
  ["NOT_CHOSEN", "reports:read", "owner"],
  ["ROLE_LACKS_IT", "billing:read", "viewer"],
  ["OWNER_REMOVED", "billing:read", null],
  ["NOT_FOR_KEYS", "members:manage", "owner"],
  ["NOT_FOR_KEYS", "left:the_catalogue", "owner"],
] as const)("%s is why a key may not use %s", (reason, permission, ownerRole) => {
  const key = {
    permissions: ["billing:read", "members:manage", "left:the_catalogue"],
    effectivePermissions: [],
    ownerRole,
  } as const;
  expect(useOf(key, permission)).toMatchObject({ effective: false, reason });
});

test("each permission that keys may hold is there once, in the order of the catalogue", () => {
  const key = { permissions: ["reports:read", "gone:away"], effectivePermissions: [], ownerRole: "owner" } as const;
  const names = permissionUseOf(key, new Map()).map(({ permission }) => permission);
  expect(names).toEqual([...PERMISSION_NAMES.filter((name) => names.includes(name)), "gone:away"]);
  expect(names).not.toContain("api_keys:create");
});
