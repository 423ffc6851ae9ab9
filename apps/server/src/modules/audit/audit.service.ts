import type { AuditAction, AuditedFields } from "@latchkey/types/audit-events";
import type { Transaction } from "../../platform/database/database.ts";
import { createId } from "../../platform/id.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import { insertAuditEvents } from "./audit.repository.ts";
import { assertAllowed } from "./audited-fields.ts";

export interface AuditEventToRecord<Action extends AuditAction = AuditAction> {
  readonly teamId: string | null;
  readonly action: Action;
  /** When the change happens, by the clock of its transaction. */
  readonly at: Date;
  /** Null where nothing is known of what it was about: a sign-in to no account. */
  readonly targetId: string | null;
  /** Only what audit-events.ts lists for the action, never a whole row: a secret must not be able to slip in. */
  readonly before?: AuditedFields<Action, "before">;
  readonly after?: AuditedFields<Action, "after">;
}

/** Records a change in the very transaction that makes it: no change without its event, no event without its change. */
export function recordAuditEvent<Action extends AuditAction>(
  transaction: Transaction,
  context: RequestContext,
  event: AuditEventToRecord<Action>,
): Promise<void> {
  return recordAuditEvents(transaction, context, [event]);
}

/** The same for many changes of one transaction, in one statement. */
export async function recordAuditEvents<Action extends AuditAction>(
  transaction: Transaction,
  context: RequestContext,
  events: readonly AuditEventToRecord<Action>[],
): Promise<void> {
  const { actor, ip, userAgent, requestId } = context;
  const actorId = actor.kind === "nobody" ? null : actor.userId;
  const actorKeyId = actor.kind === "key" ? actor.key.id : null;
  await insertAuditEvents(
    transaction,
    events.map(({ teamId, action, at, targetId, before = null, after = null }) => ({
      id: createId("evt"),
      teamId,
      actorId,
      actorKeyId,
      action,
      at,
      targetId,
      before: assertAllowed(action, "before", before),
      after: assertAllowed(action, "after", after),
      ip,
      userAgent,
      requestId,
    })),
  );
}
