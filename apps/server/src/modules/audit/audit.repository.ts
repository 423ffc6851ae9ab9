import type { Prisma } from "../../generated/prisma/client.ts";
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
