import type { Actor } from "@latchkey/types/actor";
import { DEFAULT_PAGE_SIZE } from "@latchkey/types/inputs/api-key-list";
import {
  markAllNotificationsReadInput,
  notificationInput,
  notificationListInput,
} from "@latchkey/types/inputs/notifications";
import { NotFoundError, unauthenticated } from "../../platform/domain-error.ts";
import { parseInput } from "../../platform/parse-input.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import { assertPlatformSecondFactor } from "../teams/standing-in.ts";
import type { Notification } from "./notification.ts";
import { decodeNotificationCursor, encodeNotificationCursor } from "./notification-cursor.ts";
import { toNotification } from "./notification-message.ts";
import { notifiedTeams } from "./notifications.policy.ts";
import type { NotificationsRepository, NotifiedPerson } from "./notifications.repository.ts";

export interface NotificationPage {
  readonly notifications: readonly { readonly notification: Notification; readonly cursor: string }[];
  readonly hasMore: boolean;
}

interface Dependencies {
  readonly repository: NotificationsRepository;
  readonly publicUrl: string;
  readonly now: () => Date;
}

/** One's own notifications: nobody, whatever they are, reads or marks somebody else's. */
export function createNotificationsService({ repository, publicUrl, now }: Dependencies) {
  return {
    /** Newest first, of all teams that the person is in; through a key of the key's team. */
    async list({ actor }: RequestContext, input: unknown): Promise<NotificationPage> {
      const person = own(actor, "notifications:read");
      const { first, after, unreadOnly } = parseInput(notificationListInput, input);
      const limit = first ?? DEFAULT_PAGE_SIZE;
      const rows = await repository.listPage(person, {
        after: after == null ? null : decodeNotificationCursor(after),
        unreadOnly: unreadOnly ?? false,
        limit: limit + 1,
      });
      return {
        notifications: rows.slice(0, limit).map((row) => ({
          notification: toNotification(row, publicUrl),
          cursor: encodeNotificationCursor(row),
        })),
        hasMore: rows.length > limit,
      };
    },

    /** Where a second factor is missing nothing is told, and there is nothing to read. */
    async countUnread(actor: Actor): Promise<number> {
      const teamIds = notifiedTeams(actor, "notifications:read");
      return actor.kind === "nobody" || teamIds.length === 0
        ? 0
        : repository.countUnread({ userId: actor.userId, teamIds });
    },

    /** The same answer when repeated. */
    async markRead({ actor }: RequestContext, input: unknown): Promise<Notification> {
      const person = own(actor, "notifications:update");
      const { id } = parseInput(notificationInput, input);
      await repository.markRead(person, id, now());
      const found = await repository.find(person, id);
      if (found === null) throw new NotFoundError("notification");
      return toNotification(found, publicUrl);
    },

    /** How many were unread until now. */
    async markAllRead({ actor }: RequestContext, input: unknown): Promise<number> {
      const person = own(actor, "notifications:update");
      const { upTo } = parseInput(markAllNotificationsReadInput, input);
      const at = now();
      return repository.markAllRead(person, upTo ?? at, at);
    },
  };
}

function own(actor: Actor, permission: Parameters<typeof notifiedTeams>[1]): NotifiedPerson {
  if (actor.kind === "nobody") throw unauthenticated();
  assertPlatformSecondFactor(actor);
  return { userId: actor.userId, teamIds: notifiedTeams(actor, permission) };
}
