import type { CallRow } from "../modules/activity/call.ts";
import { createId } from "../platform/id.ts";
import type { DemoKey } from "./story.ts";

const HOUR = 60 * 60 * 1_000;
const DAY = 24 * HOUR;
const TOLD_DAYS = 30;

/** Of a key's calls in a day, by the hour (UTC): programs never sleep, but follow the people they work for. */
const HOURS = [2, 1, 1, 1, 1, 2, 3, 5, 7, 8, 8, 7, 6, 7, 8, 8, 7, 5, 4, 3, 2, 2, 1, 1];
const HOURS_IN_ALL = HOURS.reduce((sum, share) => sum + share, 0);
const WEEKEND = 0.35;

interface Owned {
  readonly id: string;
  readonly teamId: string;
  readonly userId: string;
}

type Answer = Pick<CallRow, "method" | "operation" | "status" | "code"> &
  Partial<Pick<CallRow, "calls" | "requiredPermission">>;

const REFUSED_BY_LIMIT: Answer = { method: "GET", operation: "/api/v1/verify", status: 429, code: "rate_limited" };

const REFUSED_BY_PERMISSION: Answer = {
  method: "GET",
  operation: "/api/v1/members",
  status: 403,
  code: "permission_missing",
  requiredPermission: "members:read",
};

/**
 * The calls of a key as the story has them: a month with its days and weeks, a few refusals among them, up to its last
 * use; then those that came after it had stopped. The same key makes the same calls at every telling.
 */
export function callsOf(key: DemoKey, owned: Owned, now: number): CallRow[] {
  const random = randomFrom(key.name);
  const ip = key.lastUsedIp ?? "127.0.0.1";
  const row = (at: number, answer: Answer): CallRow => ({
    at: Math.floor(at),
    requestId: createId("req"),
    teamId: owned.teamId,
    userId: owned.userId,
    keyId: owned.id,
    requiredPermission: null,
    durationUs: Math.round(900 + 6_000 * random() ** 4),
    ip,
    calls: 1,
    ...answer,
  });

  const rows: CallRow[] = [];
  if (key.lastUsedHoursAgo !== undefined) {
    const lastUse = now - key.lastUsedHoursAgo * HOUR;
    const from = now - Math.min(TOLD_DAYS, key.createdDaysAgo) * DAY;
    for (const at of instants(from, lastUse, key.callsPerDay ?? 0, random)) rows.push(row(at, answerTo(key, random)));
    rows.push(row(lastUse, { method: "GET", operation: "/api/v1/auth/me", status: 200, code: null }));
  }
  const stoppedAt = stopOf(key, now);
  if (stoppedAt !== null) {
    const code = key.revokedDaysAgo === undefined ? "key_expired" : "key_revoked";
    const from = Math.max(stoppedAt, now - TOLD_DAYS * DAY);
    for (let call = 0; call < (key.refused ?? 0); call += 1) {
      // Most of them soon after: somebody notices.
      const at = from + (now - from) * random() ** 2;
      rows.push(row(at, { method: "GET", operation: "/api/v1/verify", status: 401, code }));
    }
  }
  return rows;
}

/** What those calls needed: the least used of its permissions some days before the others. */
export function permissionUsesOf(
  { permissions, neverNeeds = [], lastUsedHoursAgo }: DemoKey,
  keyId: string,
): { keyId: string; permission: string; agoMilliseconds: number }[] {
  if (lastUsedHoursAgo === undefined) return [];
  return permissions
    .filter((permission) => !neverNeeds.includes(permission))
    .map((permission, index) => ({ keyId, permission, agoMilliseconds: (lastUsedHoursAgo + 31 * index) * HOUR }));
}

/** Null: it still works. */
function stopOf({ revokedDaysAgo, createdDaysAgo, expiresInDays }: DemoKey, now: number): number | null {
  if (revokedDaysAgo !== undefined) return now - revokedDaysAgo * DAY;
  const expiresAt =
    expiresInDays === undefined ? Number.POSITIVE_INFINITY : now - (createdDaysAgo - expiresInDays) * DAY;
  return expiresAt < now ? expiresAt : null;
}

function* instants(from: number, until: number, callsPerDay: number, random: () => number): Generator<number> {
  for (let hour = Math.floor(from / HOUR) * HOUR; hour < until; hour += HOUR) {
    const date = new Date(hour);
    const isWeekend = date.getUTCDay() % 6 === 0;
    const share = (HOURS[date.getUTCHours()] ?? 0) / HOURS_IN_ALL;
    const expected = callsPerDay * share * (isWeekend ? WEEKEND : 1) * (0.7 + 0.6 * random());
    const count = Math.floor(expected + random());
    for (let call = 0; call < count; call += 1) {
      const at = hour + random() * HOUR;
      if (at > from && at < until) yield at;
    }
  }
}

function answerTo({ permissions, callsPerDay = 0 }: DemoKey, random: () => number): Answer {
  const dice = random();
  // Only a busy one meets its limit.
  if (dice < 0.004 && callsPerDay > 100) return { ...REFUSED_BY_LIMIT, calls: 1 + Math.floor(12 * random()) };
  if (dice < 0.012) return REFUSED_BY_PERMISSION;
  if (dice < 0.06) return { method: "GET", operation: "/api/v1/auth/me", status: 200, code: null };
  if (permissions.includes("billing:read") && dice < 0.5)
    return { method: "GET", operation: "/api/v1/billing/usage", status: 200, code: null };
  return { method: "GET", operation: "/api/v1/verify", status: 204, code: null };
}

/** Numbers that look random and are the same for the same name (mulberry32). Nothing secret is made of them. */
function randomFrom(name: string): () => number {
  let state = [...name].reduce((sum, character) => (Math.imul(sum, 31) + (character.codePointAt(0) ?? 0)) | 0, 7);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
