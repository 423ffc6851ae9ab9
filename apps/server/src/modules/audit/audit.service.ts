import type { Transaction } from "../../platform/database/database.ts";
import { createId } from "../../platform/id.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import { insertAuditEvents } from "./audit.repository.ts";

/** What can be recorded; one word for each kind of change. */
export type AuditAction =
  | "api_key.created"
  | "api_key.renamed"
  | "api_key.revoked"
  | "team.created"
  | "member.added"
  | "member.role_changed"
  | "member.removed"
  | "member.left"
  | "invitation.created"
  | "invitation.accepted"
  | "invitation.cancelled"
  | "team.second_factor_changed"
  | "second_factor.enabled"
  | "second_factor.disabled"
  | "second_factor.recovery_codes_replaced"
  | "account.password_changed"
  | "session.ended"
  | "super_admin.entered_team"
  | "super_admin.granted"
  | "super_admin.removed"
  | "subscription.changed"
  | "user.banned"
  | "user.unbanned";

type AuditedValue = string | number | boolean | null | readonly string[];

interface AuditEvent {
  readonly teamId: string | null;
  readonly action: AuditAction;
  /** When the change happens, by the clock of its transaction. */
  readonly at: Date;
  readonly targetId: string;
  /** Only fields named by the caller, never a whole row: a secret must not be able to slip in. */
  readonly before?: Readonly<Record<string, AuditedValue>>;
  readonly after?: Readonly<Record<string, AuditedValue>>;
}

/** Records a change in the very transaction that makes it: no change without its event, no event without its change. */
export function recordAuditEvent(transaction: Transaction, context: RequestContext, event: AuditEvent): Promise<void> {
  return recordAuditEvents(transaction, context, [event]);
}

/** The same for many changes of one transaction, in one statement. */
export async function recordAuditEvents(
  transaction: Transaction,
  context: RequestContext,
  events: readonly AuditEvent[],
): Promise<void> {
  const { actor, ip, userAgent, requestId } = context;
  const actorId = actor.kind === "nobody" ? null : actor.userId;
  await insertAuditEvents(
    transaction,
    events.map(({ teamId, action, at, targetId, before = null, after = null }) => ({
      id: createId("evt"),
      teamId,
      actorId,
      action,
      at,
      targetId,
      before,
      after,
      ip,
      userAgent,
      requestId,
    })),
  );
}
