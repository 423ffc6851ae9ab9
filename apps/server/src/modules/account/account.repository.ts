import type { Database, Transaction } from "../../platform/database/database.ts";

export type AccountRepository = ReturnType<typeof createAccountRepository>;

/** Far more than one has; whoever has more ends them all together. */
const MAX_SESSIONS = 100;

/** Somebody's own account. A session's token is never selected. */
export function createAccountRepository(database: Database) {
  return {
    find: (userId: string) =>
      database.user.findUnique({
        where: { id: userId },
        select: {
          name: true,
          email: true,
          twoFactorEnabled: true,
          mailsNotifications: true,
          accounts: { where: { providerId: "credential", password: { not: null } }, select: { id: true } },
        },
      }),

    /** Whether it was the other way before. */
    async setNotificationMail(transaction: Transaction, userId: string, isMailed: boolean): Promise<boolean> {
      const { count } = await transaction.user.updateMany({
        where: { id: userId, mailsNotifications: !isMailed },
        data: { mailsNotifications: isMailed },
      });
      return count === 1;
    },

    /** Those that still work, the last seen first. */
    listSessions: (userId: string, now: Date) =>
      database.session.findMany({
        where: { userId, expiresAt: { gt: now } },
        select: { id: true, ipAddress: true, userAgent: true, createdAt: true, updatedAt: true },
        orderBy: [{ updatedAt: "desc" }, { id: "asc" }],
        take: MAX_SESSIONS,
      }),

    /** Whether it was this person's, and there. */
    async endSession(transaction: Transaction, userId: string, sessionId: string): Promise<boolean> {
      const { count } = await transaction.session.deleteMany({ where: { id: sessionId, userId } });
      return count === 1;
    },

    /** The ids of those that it ended. */
    async endOtherSessions(transaction: Transaction, userId: string, sessionId: string): Promise<string[]> {
      const ended = await transaction.$queryRaw<{ id: string }[]>`
        DELETE FROM session WHERE user_id = ${userId} AND id <> ${sessionId} RETURNING id`;
      return ended.map(({ id }) => id);
    },

    /** Whether there was one. Whoever is signed in has shown it, or needed none: all of it begins anew. */
    async removeSecondFactor(transaction: Transaction, userId: string): Promise<boolean> {
      const { count } = await transaction.twoFactor.deleteMany({ where: { userId } });
      await transaction.user.update({ where: { id: userId }, data: { twoFactorEnabled: false } });
      await transaction.session.deleteMany({ where: { userId } });
      return count > 0;
    },

    /** Sign-ins from before there was a second factor. */
    endUnprovenSessions: (userId: string) => database.session.deleteMany({ where: { userId, secondFactorAt: null } }),
  };
}
