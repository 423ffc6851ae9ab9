import type { Transaction } from "../../platform/database/database.ts";
import { createId } from "../../platform/id.ts";
import type { NotificationJob } from "./occurrence.ts";
import type { ToldOccurrence } from "./occurrences.repository.ts";

/**
 * Until when everything was looked at. Locked for the rest of the transaction: two processes that run the same job take
 * turns, and the second goes on where the first ended.
 */
export async function lockRun(transaction: Transaction, job: NotificationJob, firstFrom: Date): Promise<Date> {
  const [run] = await transaction.$queryRaw<{ doneUntil: Date }[]>`
    INSERT INTO notification_run AS run (job, done_until) VALUES (${job}, ${firstFrom})
    ON CONFLICT (job) DO UPDATE SET done_until = run.done_until RETURNING done_until AS "doneUntil"`;
  if (run === undefined) throw new Error("A run without a row.");
  return run.doneUntil;
}

/** Never backwards. */
export async function moveRun(transaction: Transaction, job: NotificationJob, doneUntil: Date): Promise<void> {
  await transaction.notificationRun.updateMany({ where: { job, doneUntil: { lt: doneUntil } }, data: { doneUntil } });
}

/** One row for each person; whoever has it already keeps what they have. How many were new. */
export async function insertNotifications(transaction: Transaction, told: readonly ToldOccurrence[]): Promise<number> {
  const data = told.flatMap(({ userId, ...occurrence }) =>
    userId === null ? [] : [{ ...occurrence, userId, id: createId("notification") }],
  );
  let inserted = 0;
  for (let start = 0; start < data.length; start += ROWS_AT_ONCE) {
    const rows = data.slice(start, start + ROWS_AT_ONCE);
    inserted += (await transaction.notification.createMany({ data: rows, skipDuplicates: true })).count;
  }
  return inserted;
}

/** A statement takes 65,535 values, and a team can have many owners and admins. */
const ROWS_AT_ONCE = 1_000;
