import type { KeyActor } from "@latchkey/types/actor";
import { expect, test } from "vitest";
import { refusalOfGuardedCall } from "./guarded-calls.policy.ts";

const key = (permissions: KeyActor["permissions"], isSubscriptionUsable = true): KeyActor => ({
  kind: "key",
  key: { id: "key_a", name: "a", prefix: "lk_aaaa", expiresAt: null },
  userId: "user_me",
  userName: "Olivia Owner",
  teamId: "team_a",
  teamName: "Acme Ads",
  teamSlug: "acme-ads",
  role: "owner",
  permissions,
  isSubscriptionUsable,
  plan: "growth",
});
const refusal = (actor: KeyActor, needed: KeyActor["permissions"]) => {
  const found = refusalOfGuardedCall(actor, needed);
  return found === null ? null : { code: found.code, named: found.details.requiredPermission ?? null };
};

test("a key passes that holds all that is needed, and where nothing is asked any that holds something", () => {
  expect(refusal(key(["analytics:read", "campaigns:launch"]), ["campaigns:launch", "analytics:read"])).toBeNull();
  expect(refusal(key(["analytics:read"]), [])).toBeNull();
});

test("one missing permission refuses, whatever else is held, and is named; all missing ones are told", () => {
  const found = refusalOfGuardedCall(key(["analytics:read"]), ["analytics:read", "campaigns:launch", "billing:read"]);
  expect(found).toMatchObject({ code: "permission_missing", details: { requiredPermission: "campaigns:launch" } });
  expect(found?.message).toContain("the permissions campaigns:launch, billing:read");
});

test("what no key may hold lets no key pass", () => {
  expect(refusal(key(["analytics:read"]), ["members:manage"])).toEqual({
    code: "permission_missing",
    named: "members:manage",
  });
});

test("a key with no permission left opens nothing, not even where nothing is asked", () => {
  expect(refusal(key([]), [])).toEqual({ code: "permission_missing", named: null });
  expect(refusal(key([]), ["analytics:read"])).toEqual({ code: "permission_missing", named: "analytics:read" });
});

test("the subscription comes before the permissions, and needing only billing:read makes no exception", () => {
  expect(refusal(key(["billing:read"], false), ["billing:read"])).toEqual({
    code: "subscription_inactive",
    named: null,
  });
});
