import { refusalStepOf } from "@latchkey/types/activity";
import { expect, test } from "vitest";
import type { RecordedCall } from "./recorded-call.ts";
import { explain, type RefusedKey } from "./refusal.ts";

const CALL: RecordedCall = {
  requestId: "req_00000000000000000000",
  at: new Date("2026-11-22T08:30:00Z"),
  apiKey: { id: "key_1", name: "BI", prefix: "lk_1a2B" },
  actor: null,
  method: "GET",
  operation: "/api/v1/verify",
  status: 403,
  code: "permission_missing",
  requiredPermission: "campaigns:launch",
  durationMilliseconds: 1,
  ip: "203.0.113.9",
  calls: 1,
};
const KEY: RefusedKey = { permissions: ["campaigns:read"], expiresAt: null, revokedAt: null };

test("a missing permission is named, and whether the key or its maker's role lacked it", () => {
  expect(explain(CALL, KEY)).toMatchObject({
    step: "PERMISSION",
    needed: expect.stringMatching(/^The permission campaigns:launch\. The key was made without it/),
  });
  const given = { ...KEY, permissions: ["campaigns:launch"] };
  expect(explain(CALL, given).needed).toMatch(/role of the person who made it/);
  expect(explain(CALL, null).needed).toBe("A role in this team that holds campaigns:launch.");
});

test("a key that had ended is told with its instant", () => {
  const revoked = { ...CALL, code: "key_revoked", status: 401, requiredPermission: null };
  const { step, needed } = explain(revoked, { ...KEY, revokedAt: new Date("2026-11-01T00:00:00Z") });
  expect([step, needed]).toEqual(["API_KEY", expect.stringContaining("revoked at 2026-11-01T00:00:00.000Z.")]);
});

test("what was answered was not refused", () => {
  expect(explain({ ...CALL, code: null, status: 204 }, KEY)).toMatchObject({ step: null, needed: null });
});

test.each([
  ["key_expired", "API_KEY"],
  ["rate_limited", "RATE_LIMIT"],
  ["session_required", "SESSION_ONLY"],
  ["subscription_inactive", "SUBSCRIPTION"],
  ["not_found", "OPERATION"],
  ["unavailable", "SERVER"],
  ["of another version", "OPERATION"],
  ["constructor", "OPERATION"],
])("%s refuses at the step %s", (code, step) => {
  expect(refusalStepOf(code)).toBe(step);
  expect(explain({ ...CALL, code, requiredPermission: null }, KEY).needed).not.toBe("");
});
