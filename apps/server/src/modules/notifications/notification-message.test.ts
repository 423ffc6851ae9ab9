import { NOTIFICATION_KIND_NAMES, type NotificationKind } from "@latchkey/types/notifications";
import { expect, test } from "vitest";
import type { StoredNotification } from "./notification.ts";
import { toNotification } from "./notification-message.ts";

const stored = (kind: string, changes: Partial<StoredNotification> = {}): StoredNotification => ({
  id: "notification_1",
  kind,
  userId: "user_1",
  threshold: "",
  reachedLimit: null,
  keyId: "key_1",
  at: new Date("2026-11-22T08:30:00Z"),
  readAt: null,
  team: { id: "team_1", name: "Acme Ads", slug: "acme-ads" },
  key: { name: "BI dashboard" },
  person: null,
  ...changes,
});
const say = (kind: NotificationKind, changes: Partial<StoredNotification> = {}) =>
  toNotification(stored(kind, changes), "https://keys.example.com").message;
const ada = { id: "user_2", name: "Ada" };

test("each kind is one sentence that names what it is about", () => {
  expect(say("KEY_EXPIRES", { threshold: "7" })).toBe("The key “BI dashboard” expires in 7 days.");
  expect(say("KEY_EXPIRES", { threshold: "1" })).toBe("The key “BI dashboard” expires in 1 day.");
  expect(say("KEY_EXPIRED")).toBe("The key “BI dashboard” has expired.");
  expect(say("KEY_CREATED", { person: ada })).toBe("Ada created the key “BI dashboard”.");
  expect(say("KEY_REVOKED", { person: ada })).toBe("Ada revoked the key “BI dashboard”.");
  expect(say("KEY_UNUSED")).toBe("The key “BI dashboard” has not been used for 90 days.");
  expect(say("RATE_LIMIT_REACHED", { reachedLimit: 600 })).toBe(
    "The key “BI dashboard” was refused calls: it reached its limit of 600 requests a minute.",
  );
});

test("a limit of keys says whose it is", () => {
  const limit = { reachedLimit: 5, keyId: null, key: null };
  expect(say("KEY_LIMIT_REACHED", limit)).toBe("The team has 5 active keys, all that its plan allows.");
  expect(say("KEY_LIMIT_REACHED", { ...limit, person: ada })).toBe(
    "Ada has 5 active keys, all that the plan allows one person.",
  );
  expect(say("KEY_LIMIT_REACHED", { ...limit, person: { ...ada, id: "user_1" } })).toBe(
    "You have 5 active keys, all that the plan allows one person.",
  );
});

test("it leads to the key, or to the list of keys, in its team", () => {
  const linkOf = (keyId: string | null) =>
    toNotification(stored("KEY_EXPIRED", { keyId }), "https://keys.example.com").link;
  expect(linkOf("key_1")).toBe("https://keys.example.com/settings/team/api-keys?key=key_1&team=acme-ads");
  expect(linkOf(null)).toBe("https://keys.example.com/settings/team/api-keys?team=acme-ads");
});

test("every kind has a sentence, and what is of no kind is a bug", () => {
  for (const kind of NOTIFICATION_KIND_NAMES) expect(say(kind)).toMatch(/\.$/);
  expect(() => toNotification(stored("KEY_STOLEN"), "")).toThrow("no kind");
});
