import type { Account, AccountSession } from "@latchkey/types/account";
import type { SessionActor } from "@latchkey/types/actor";
import { endSessionInput } from "@latchkey/types/inputs/account";
import { notificationMailInput } from "@latchkey/types/inputs/notifications";
import type { Database } from "../../platform/database/database.ts";
import type { TransactionTime } from "../../platform/database/transaction-time.ts";
import { NotFoundError, unauthenticated } from "../../platform/domain-error.ts";
import { parseInput } from "../../platform/parse-input.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import type { AuditAction } from "@latchkey/types/audit-events";
import { recordAuditEvent, recordAuditEvents } from "../audit/audit.service.ts";
import type { AccountRepository } from "./account.repository.ts";
import type { SecondFactorService } from "./second-factor.service.ts";

export type AccountService = ReturnType<typeof createAccountService>;

/** What somebody does about their own account; the actor is always oneself. */
export type OwnContext = RequestContext & { readonly actor: SessionActor };

interface Dependencies {
  readonly database: Database;
  readonly repository: AccountRepository;
  readonly secondFactor: SecondFactorService;
  readonly transactionTime: TransactionTime;
  /** Whether super admins need a second factor on this server. */
  readonly isRequiredOfSuperAdmins: boolean;
  /** Whether this server sends mails. */
  readonly canMail: boolean;
  readonly now: () => Date;
}

export function createAccountService(dependencies: Dependencies) {
  const { database, repository, secondFactor, transactionTime, isRequiredOfSuperAdmins, canMail, now } = dependencies;

  /** What the page calls it: the powers are gone while the second factor is missing, the role is not. */
  const isRequiredByPlatform = ({ isSuperAdmin, secondFactorMissingIn }: SessionActor) =>
    isRequiredOfSuperAdmins && (isSuperAdmin || secondFactorMissingIn === "everywhere");

  return {
    /** `countRecoveryCodes` opens what only Better Auth's key opens. */
    async describe({ actor }: OwnContext, countRecoveryCodes: () => Promise<number>): Promise<Account> {
      const found = await repository.find(actor.userId);
      if (found === null) throw unauthenticated();
      const { name, email, twoFactorEnabled: isEnabled, mailsNotifications: isMailed, accounts } = found;
      return {
        name,
        email,
        hasPassword: accounts.length > 0,
        secondFactor: {
          isEnabled,
          recoveryCodesLeft: isEnabled ? await countRecoveryCodes() : 0,
          requiredBy: await secondFactor.findRequiringTeams(actor.userId),
          isRequiredByPlatform: isRequiredByPlatform(actor),
        },
        notifications: { isMailed, canBeMailed: canMail },
      };
    },

    /** Whether what one is notified of comes by mail too. */
    async setNotificationMail(context: OwnContext, input: unknown): Promise<{ isMailed: boolean }> {
      const { isMailed } = parseInput(notificationMailInput, input);
      const { userId } = context.actor;
      await database.$transaction(async (transaction) => {
        if (!(await repository.setNotificationMail(transaction, userId, isMailed))) return;
        await recordAuditEvent(transaction, context, {
          teamId: null,
          action: "account.notification_mail_changed",
          at: await transactionTime(transaction),
          targetId: userId,
          before: { isMailed: !isMailed },
          after: { isMailed },
        });
      });
      return { isMailed };
    },

    hasPassword: async (userId: string) => (await repository.find(userId))?.accounts.length === 1,

    assertMayDisableSecondFactor: ({ actor }: OwnContext) =>
      secondFactor.assertMayDisable(actor.userId, isRequiredByPlatform(actor)),

    async listSessions({ actor }: OwnContext): Promise<AccountSession[]> {
      const sessions = await repository.listSessions(actor.userId, now());
      return sessions.map(({ id, ipAddress, userAgent, createdAt, updatedAt }) => ({
        id,
        isCurrent: id === actor.sessionId,
        ip: ipAddress === "" ? null : ipAddress,
        userAgent: userAgent === "" ? null : userAgent,
        signedInAt: createdAt.toISOString(),
        lastSeenAt: updatedAt.toISOString(),
      }));
    },

    /** One of one's own; refused from its next request on. Somebody else's is not there. */
    async endSession(context: OwnContext, input: unknown): Promise<void> {
      const { sessionId } = parseInput(endSessionInput, input);
      await database.$transaction(async (transaction) => {
        const isEnded = await repository.endSession(transaction, context.actor.userId, sessionId);
        if (!isEnded) throw new NotFoundError("session");
        const at = await transactionTime(transaction);
        await recordAuditEvent(transaction, context, { ...ENDED, at, targetId: sessionId });
      });
    },

    /** All but the one that asks. */
    async endOtherSessions(context: OwnContext): Promise<number> {
      const { userId, sessionId } = context.actor;
      return database.$transaction(async (transaction) => {
        const ids = await repository.endOtherSessions(transaction, userId, sessionId);
        const at = await transactionTime(transaction);
        await recordAuditEvents(
          transaction,
          context,
          ids.map((targetId) => ({ ...ENDED, at, targetId })),
        );
        return ids.length;
      });
    },

    /** Whoever signed in before there was a second factor has to pass it too. */
    endUnprovenSessions: (userId: string) => repository.endUnprovenSessions(userId),

    /** For the operator, when authenticator and recovery codes are lost: whether there was one. Ends their sessions. */
    removeSecondFactor: (context: RequestContext, userId: string): Promise<boolean> =>
      database.$transaction(async (transaction) => {
        if (!(await repository.removeSecondFactor(transaction, userId))) return false;
        const at = await transactionTime(transaction);
        const removed = { teamId: null, action: "second_factor.disabled", at, targetId: userId } as const;
        await recordAuditEvent(transaction, context, removed);
        return true;
      }),

    /** What Better Auth has changed, recorded beside: its transaction is not ours. */
    record: (context: OwnContext, action: AuditAction) =>
      database.$transaction(async (transaction) =>
        recordAuditEvent(transaction, context, {
          teamId: null,
          action,
          at: await transactionTime(transaction),
          targetId: context.actor.userId,
        }),
      ),
  };
}

const ENDED = { teamId: null, action: "session.ended" } as const;
