import type { AuditAction } from "@latchkey/types/audit-events";
import type { Database } from "../../platform/database/database.ts";
import type { TransactionTime } from "../../platform/database/transaction-time.ts";
import { recordAuditEventOf, type AuditEventToRecord, type AuditSource } from "../audit/audit.service.ts";

export type AccountEvents = ReturnType<typeof createAccountEvents>;

/** Where an event came from, when nobody is signed in yet. */
type Source = Omit<AuditSource, "actorId" | "actorKeyId">;

interface Dependencies {
  readonly database: Database;
  readonly transactionTime: TransactionTime;
}

/**
 * What people do on their way in and about their own account: it belongs to no team, and is recorded beside Better
 * Auth's transaction. Never what they typed: of a failed sign-in only whose account it was for, if it is one.
 */
export function createAccountEvents({ database, transactionTime }: Dependencies) {
  const record = <Action extends AuditAction>(
    source: Source,
    actorId: string | null,
    event: Omit<AuditEventToRecord<Action>, "teamId" | "at">,
  ): Promise<void> =>
    database.$transaction(async (transaction) =>
      recordAuditEventOf(transaction, { ...source, actorId, actorKeyId: null }, {
        ...event,
        teamId: null,
        at: await transactionTime(transaction),
      } as AuditEventToRecord<Action>),
    );
  const byOneself =
    (action: "account.password_reset" | "account.email_confirmed") => (source: Source, userId: string) =>
      record(source, userId, { action, targetId: userId });

  return {
    signedIn: (source: Source, { userId, method }: { readonly userId: string; readonly method: string }) =>
      record(source, userId, { action: "user.signed_in", targetId: userId, after: { method } }),

    /** Nobody did it: who it was is what they did not show. */
    signInFailed: (
      source: Source,
      { userId, ...after }: { readonly userId: string | null; readonly method: string; readonly reason: string },
    ) => record(source, null, { action: "user.sign_in_failed", targetId: userId, after }),

    signedUp: (source: Source, { userId, method }: { readonly userId: string; readonly method: string }) =>
      record(source, userId, { action: "user.signed_up", targetId: userId, after: { method } }),

    passwordReset: byOneself("account.password_reset"),
    emailConfirmed: byOneself("account.email_confirmed"),
  };
}
