import { UNUSED_DAYS, isNotificationKind, type NotificationKind } from "@latchkey/types/notifications";
import type { Notification, StoredNotification } from "./notification.ts";

/** A stored notification as its person is shown it. */
export function toNotification(stored: StoredNotification, publicUrl: string): Notification {
  const { id, kind, keyId: apiKeyId, at, readAt, team } = stored;
  if (!isNotificationKind(kind)) throw new Error(`The notification ${id} is of no kind there is.`);
  const { id: teamId, name, slug } = team;
  return {
    id,
    kind,
    message: SENTENCES[kind](stored),
    team: { id: teamId, name, slug },
    apiKeyId,
    at,
    readAt,
    link: `${publicUrl}${pathOf(apiKeyId, slug)}`,
  };
}

/** A key opens in the list of keys; of a limit, the list itself is what to look at. */
function pathOf(keyId: string | null, slug: string): string {
  const search = new URLSearchParams({ ...(keyId === null ? {} : { key: keyId }), team: slug });
  return `/settings/team/api-keys?${search.toString()}`;
}

const SENTENCES: Readonly<Record<NotificationKind, (notification: StoredNotification) => string>> = {
  KEY_EXPIRES: ({ key, threshold }) => `The key ${named(key)} expires in ${days(Number(threshold))}.`,
  KEY_EXPIRED: ({ key }) => `The key ${named(key)} has expired.`,
  KEY_CREATED: ({ key, person }) => `${person?.name ?? "Somebody"} created the key ${named(key)}.`,
  KEY_REVOKED: ({ key, person }) => `${person?.name ?? "Somebody"} revoked the key ${named(key)}.`,
  KEY_UNUSED: ({ key }) => `The key ${named(key)} has not been used for ${days(UNUSED_DAYS)}.`,
  KEY_LIMIT_REACHED: ({ person, userId, reachedLimit }) => {
    const keys = `${reachedLimit} active ${reachedLimit === 1 ? "key" : "keys"}`;
    if (person === null) return `The team has ${keys}, all that its plan allows.`;
    return person.id === userId
      ? `You have ${keys}, all that the plan allows one person.`
      : `${person.name} has ${keys}, all that the plan allows one person.`;
  },
  RATE_LIMIT_REACHED: ({ key, reachedLimit }) =>
    `The key ${named(key)} was refused calls: it reached its limit of ${reachedLimit} requests a minute.`,
};

function named(key: StoredNotification["key"]): string {
  return `“${key?.name ?? ""}”`;
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}
