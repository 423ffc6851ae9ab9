import { describe, expect, test } from "vitest";
import { apiKeyStatus, blockedReason, expiresSoon } from "./api-key-status.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const at = (offset: number) => new Date(now.getTime() + offset);
const DAY = 24 * 60 * 60 * 1000;

describe("the status of a key", () => {
  test.each([
    ["never expires", null, null, "ACTIVE"],
    ["expires in a millisecond", at(1), null, "ACTIVE"],
    ["expires at this instant", at(0), null, "EXPIRED"],
    ["has expired", at(-1), null, "EXPIRED"],
    ["was revoked", null, at(-1), "REVOKED"],
    ["was revoked and then expired", at(-1), at(-DAY), "REVOKED"],
  ] as const)("that %s", (_what, expiresAt, revokedAt, status) => {
    expect(apiKeyStatus({ expiresAt, revokedAt }, now)).toBe(status);
  });
});

test("a key expires soon within 14 days of its expiry, while it is active", () => {
  const soon = (expiresAt: Date | null, revokedAt: Date | null = null) => expiresSoon({ expiresAt, revokedAt }, now);
  expect([
    soon(at(14 * DAY)),
    soon(at(14 * DAY + 1)),
    soon(at(1)),
    soon(at(0)),
    soon(null),
    soon(at(1), at(-1)),
  ]).toEqual([true, false, true, false, false, false]);
});

describe("why an active key would be refused", () => {
  const fine = {
    isOwnerPresent: true,
    isOwnerBanned: false,
    isSubscriptionUsable: true,
    effectivePermissions: ["analytics:read"],
  } as const;
  test("is the first reason in the order of verification", () => {
    expect(blockedReason("ACTIVE", fine)).toBeNull();
    expect(blockedReason("ACTIVE", { ...fine, effectivePermissions: [] })).toBe("NO_PERMISSION_LEFT");
    expect(blockedReason("ACTIVE", { ...fine, effectivePermissions: [], isSubscriptionUsable: false })).toBe(
      "SUBSCRIPTION_INACTIVE",
    );
    expect(blockedReason("ACTIVE", { ...fine, isSubscriptionUsable: false, isOwnerBanned: true })).toBe("OWNER_BANNED");
    expect(blockedReason("ACTIVE", { ...fine, isOwnerBanned: true, isOwnerPresent: false })).toBe("OWNER_REMOVED");
  });
  test("is not asked of a key that is expired or revoked", () => {
    expect(blockedReason("EXPIRED", { ...fine, isOwnerPresent: false })).toBeNull();
    expect(blockedReason("REVOKED", { ...fine, isOwnerPresent: false })).toBeNull();
  });
});
