import type { Permission } from "./permissions.ts";

export const API_KEY_STATUSES = ["ACTIVE", "EXPIRED", "REVOKED"] as const;
export type ApiKeyStatus = (typeof API_KEY_STATUSES)[number];

export const BLOCKED_REASONS = [
  "OWNER_REMOVED",
  "OWNER_BANNED",
  "SUBSCRIPTION_INACTIVE",
  "NO_PERMISSION_LEFT",
] as const;
/** Why an ACTIVE key would be refused now. */
export type BlockedReason = (typeof BLOCKED_REASONS)[number];

export const EXPIRES_SOON_DAYS = 14;

interface KeyInstants {
  readonly revokedAt: Date | null;
  readonly expiresAt: Date | null;
}

/** The one place that derives a key's status. `now` is the database's clock. Expired means: the instant has come. */
export function apiKeyStatus(key: KeyInstants, now: Date): ApiKeyStatus {
  if (key.revokedAt !== null) return "REVOKED";
  if (key.expiresAt !== null && key.expiresAt <= now) return "EXPIRED";
  return "ACTIVE";
}

/** An ACTIVE key within 14 days of its expiry. */
export function expiresSoon(key: KeyInstants, now: Date): boolean {
  if (key.expiresAt === null || apiKeyStatus(key, now) !== "ACTIVE") return false;
  return key.expiresAt.getTime() - now.getTime() <= EXPIRES_SOON_DAYS * 24 * 60 * 60 * 1000;
}

interface KeyStanding {
  /** Whether the membership the key was made under still exists, or its maker is super_admin. */
  readonly isOwnerPresent: boolean;
  readonly isOwnerBanned: boolean;
  readonly isSubscriptionUsable: boolean;
  readonly effectivePermissions: readonly Permission[];
}

/** The first reason, in the order of verification, why an ACTIVE key would be refused now; null when it works. */
export function blockedReason(status: ApiKeyStatus, standing: KeyStanding): BlockedReason | null {
  if (status !== "ACTIVE") return null;
  if (!standing.isOwnerPresent) return "OWNER_REMOVED";
  if (standing.isOwnerBanned) return "OWNER_BANNED";
  if (!standing.isSubscriptionUsable) return "SUBSCRIPTION_INACTIVE";
  if (standing.effectivePermissions.length === 0) return "NO_PERMISSION_LEFT";
  return null;
}
