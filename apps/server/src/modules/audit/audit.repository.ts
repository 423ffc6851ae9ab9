import type { Prisma } from "../../generated/prisma/client.ts";
import type { Transaction } from "../../platform/database/database.ts";

export interface AuditRow {
  readonly id: string;
  readonly teamId: string | null;
  readonly actorId: string | null;
  readonly action: string;
  readonly at: Date;
  readonly targetId: string | null;
  readonly before: Prisma.InputJsonObject | null;
  readonly after: Prisma.InputJsonObject | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
}

export async function insertAuditEvents(transaction: Transaction, rows: readonly AuditRow[]): Promise<void> {
  await transaction.auditEvent.createMany({
    data: rows.map(({ before, after, ...row }) => ({
      ...row,
      ...(before === null ? {} : { before }),
      ...(after === null ? {} : { after }),
    })),
  });
}
