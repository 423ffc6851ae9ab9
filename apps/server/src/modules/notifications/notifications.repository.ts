import type { Database } from "../../platform/database/database.ts";
import type { StoredNotification } from "./notification.ts";
import type { NotificationPosition } from "./notification-cursor.ts";

export type NotificationsRepository = ReturnType<typeof createNotificationsRepository>;

/** Whose, and of which teams: no statement here is without both. */
export interface NotifiedPerson {
  readonly userId: string;
  readonly teamIds: readonly string[];
}

interface Page {
  readonly after: NotificationPosition | null;
  readonly unreadOnly: boolean;
  readonly limit: number;
}

export const STORED_NOTIFICATION = {
  id: true,
  kind: true,
  userId: true,
  threshold: true,
  reachedLimit: true,
  keyId: true,
  at: true,
  readAt: true,
  team: { select: { id: true, name: true, slug: true } },
  key: { select: { name: true } },
  person: { select: { id: true, name: true } },
} as const;

export function createNotificationsRepository(database: Database) {
  const ownedBy = ({ userId, teamIds }: NotifiedPerson) => ({ userId, teamId: { in: [...teamIds] } });
  return {
    /** Newest first. */
    listPage: (person: NotifiedPerson, { after, unreadOnly, limit }: Page): Promise<StoredNotification[]> =>
      database.notification.findMany({
        where: {
          ...ownedBy(person),
          ...(unreadOnly ? { readAt: null } : {}),
          ...(after === null ? {} : { OR: [{ at: { lt: after.at } }, { at: after.at, id: { lt: after.id } }] }),
        },
        select: STORED_NOTIFICATION,
        orderBy: [{ at: "desc" }, { id: "desc" }],
        take: limit,
      }),

    find: (person: NotifiedPerson, id: string): Promise<StoredNotification | null> =>
      database.notification.findFirst({ where: { id, ...ownedBy(person) }, select: STORED_NOTIFICATION }),

    countUnread: (person: NotifiedPerson): Promise<number> =>
      database.notification.count({ where: { ...ownedBy(person), readAt: null } }),

    /** Of one that was read before, the first time stays. */
    async markRead(person: NotifiedPerson, id: string, at: Date): Promise<void> {
      await database.notification.updateMany({ where: { id, ...ownedBy(person), readAt: null }, data: { readAt: at } });
    },

    /** How many were unread. */
    async markAllRead(person: NotifiedPerson, upTo: Date, at: Date): Promise<number> {
      const { count } = await database.notification.updateMany({
        where: { ...ownedBy(person), readAt: null, at: { lte: upTo } },
        data: { readAt: at },
      });
      return count;
    },
  };
}
