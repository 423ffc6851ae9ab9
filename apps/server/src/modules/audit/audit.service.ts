import type { AuditAction, AuditedFields } from "@latchkey/types/audit-events";
import type { Transaction } from "../../platform/database/database.ts";
import { createId } from "../../platform/id.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import { eventInsertion, insertAuditEvents, type AuditRow } from "./audit.repository.ts";
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

/** Who did it, and from where. */
export interface AuditSource {
  readonly actorId: string | null;
  readonly actorKeyId: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
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
  const source = sourceOf(context);
  await insertAuditEvents(
    transaction,
    events.map((event) => ({ ...toRow(source, event), at: event.at })),
  );
}

/** A part of the statement that makes the change: see `eventInsertion`. */
export type AuditInsertion = ReturnType<typeof eventInsertion>;

/** The same for a change that is one statement, and takes the event along as a part of it. */
export function auditInsertion<Action extends AuditAction>(
  context: RequestContext,
  event: Omit<AuditEventToRecord<Action>, "at">,
): AuditInsertion {
  return eventInsertion(toRow(sourceOf(context), event));
}

/** Records what happened while nobody was signed in yet. */
export const recordAuditEventOf = <Action extends AuditAction>(
  transaction: Transaction,
  source: AuditSource,
  event: AuditEventToRecord<Action>,
): Promise<void> => insertAuditEvents(transaction, [{ ...toRow(source, event), at: event.at }]);

function sourceOf({ actor, ip, userAgent, requestId }: RequestContext): AuditSource {
  const actorId = actor.kind === "nobody" ? null : actor.userId;
  const actorKeyId = actor.kind === "key" ? actor.key.id : null;
  return { actorId, actorKeyId, ip, userAgent, requestId };
}

function toRow(
  { actorId, actorKeyId, ip, userAgent, requestId }: AuditSource,
  { teamId, action, targetId, before, after }: Omit<AuditEventToRecord, "at">,
): Omit<AuditRow, "at"> {
  return {
    id: createId("evt"),
    teamId,
    actorId,
    actorKeyId,
    action,
    targetId,
    before: assertAllowed(action, "before", before ?? null),
    after: assertAllowed(action, "after", after ?? null),
    ip,
    userAgent,
    requestId,
  };
}
