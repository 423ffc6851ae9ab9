import type { Database } from "../../platform/database/database.ts";
import type { StoredNotification } from "./notification.ts";
import { STORED_NOTIFICATION } from "./notifications.repository.ts";

export type NotificationMailsRepository = ReturnType<typeof createNotificationMailsRepository>;

export interface ClaimedMail {
  readonly userId: string;
  readonly ids: readonly string[];
}

interface Claim {
  readonly now: Date;
  /** What happened before is not mailed any more. */
  readonly notBefore: Date;
  /** Whoever got a mail after this instant gets the next one later, with all that came together. */
  readonly lastMailBefore: Date;
}

export function createNotificationMailsRepository(database: Database) {
  return {
    /**
     * What is to be mailed now, by person. Noted as mailed by this very statement, before anything is sent: whatever
     * happens then, and however many processes ask, none is mailed twice.
     */
    claim: ({ now, notBefore, lastMailBefore }: Claim): Promise<ClaimedMail[]> =>
      database.$queryRaw<ClaimedMail[]>`
        WITH claimed AS (
          UPDATE notification n SET mailed_at = ${now}::timestamptz FROM "user" u
           WHERE n.user_id = u.id AND n.mailed_at IS NULL AND n.read_at IS NULL AND n.at > ${notBefore}::timestamptz
             AND u.mails_notifications
             AND NOT (u.banned_at IS NOT NULL AND (u.ban_expires_at IS NULL OR u.ban_expires_at > ${now}::timestamptz))
             AND EXISTS (SELECT FROM member m WHERE m.team_id = n.team_id AND m.user_id = n.user_id)
             AND NOT EXISTS (
               SELECT FROM notification earlier
                WHERE earlier.user_id = n.user_id AND earlier.at > ${notBefore}::timestamptz
                  AND earlier.mailed_at > ${lastMailBefore}::timestamptz)
          RETURNING n.user_id, n.id)
        SELECT user_id AS "userId", array_agg(id) AS ids FROM claimed GROUP BY user_id`,

    /** The person with what they are mailed, oldest first. */
    async findForMail({ userId, ids }: ClaimedMail): Promise<{ email: string; notifications: StoredNotification[] }> {
      const { email } = await database.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
      const notifications = await database.notification.findMany({
        where: { id: { in: [...ids] }, userId },
        select: STORED_NOTIFICATION,
        orderBy: [{ at: "asc" }, { id: "asc" }],
      });
      return { email, notifications };
    },
  };
}
