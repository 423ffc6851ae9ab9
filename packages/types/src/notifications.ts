/** What people are told of. */
export const NOTIFICATION_KINDS = {
  KEY_EXPIRES: "A key expires in 14, 7 or 1 days.",
  KEY_EXPIRED: "A key has expired.",
  KEY_CREATED: "Somebody else created a key.",
  KEY_REVOKED: "Somebody else revoked a key.",
  KEY_UNUSED: "A key was not used for 90 days.",
  KEY_LIMIT_REACHED: "The team, or one person in it, has as many active keys as the plan allows.",
  RATE_LIMIT_REACHED: "A key was refused calls because it reached its rate limit.",
} as const satisfies Record<string, string>;

export type NotificationKind = keyof typeof NOTIFICATION_KINDS;
export const NOTIFICATION_KIND_NAMES = Object.keys(NOTIFICATION_KINDS) as NotificationKind[];

export function isNotificationKind(value: string): value is NotificationKind {
  return Object.hasOwn(NOTIFICATION_KINDS, value);
}

/** Days before its expiry at which people are told of a key, the farthest first. */
export const EXPIRY_WARNING_DAYS = [14, 7, 1] as const;

/** Days without a call after which people are told of a key; of one that was never used, since it was made. */
export const UNUSED_DAYS = 90;
