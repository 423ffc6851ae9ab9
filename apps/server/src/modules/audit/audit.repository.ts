import { Prisma } from "../../generated/prisma/client.ts";
import type { Transaction } from "../../platform/database/database.ts";
import type { AuditedJson } from "./audited-fields.ts";

export interface AuditRow {
  readonly id: string;
  readonly teamId: string | null;
  readonly actorId: string | null;
  readonly actorKeyId: string | null;
  readonly action: string;
  readonly at: Date;
  readonly targetId: string | null;
  readonly before: AuditedJson;
  readonly after: AuditedJson;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
}

export async function insertAuditEvents(transaction: Transaction, rows: readonly AuditRow[]): Promise<void> {
  await transaction.auditEvent.createMany({
    data: rows.map(({ before, after, ...row }) => ({
      ...row,
      ...(before === null ? {} : { before: before as Prisma.InputJsonObject }),
      ...(after === null ? {} : { after: after as Prisma.InputJsonObject }),
    })),
  });
}

/** For a change of one statement: the part of it that inserts this event for each row of its `changed`, at that row's `at`. */
export function eventInsertion(row: Omit<AuditRow, "at">): Prisma.Sql {
  const { id, teamId, actorId, actorKeyId, action, targetId, before, after, ip, userAgent, requestId } = row;
  return Prisma.sql`
    INSERT INTO audit_event
           (id, team_id, at, actor_id, actor_key_id, action, target_id, before, after, ip, user_agent, request_id)
    SELECT ${id}, ${teamId}, changed.at, ${actorId}, ${actorKeyId}, ${action}, ${targetId},
           ${textOf(before)}::jsonb, ${textOf(after)}::jsonb, ${ip}, ${userAgent}, ${requestId}
      FROM changed`;
}

function textOf(fields: AuditedJson): string | null {
  return fields === null ? null : JSON.stringify(fields);
}
