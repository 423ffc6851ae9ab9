import type { Database } from "../../platform/database/database.ts";
import type { TransactionTime } from "../../platform/database/transaction-time.ts";
import { insertNotifications, lockRun, moveRun } from "./notification-runs.repository.ts";
import { lookBackFrom, windowOf, type NotificationJob } from "./occurrence.ts";
import { findOccurrences, type OccurrencePosition } from "./occurrences.repository.ts";

export type NotificationRuns = ReturnType<typeof createNotificationRuns>;

interface Dependencies {
  readonly database: Database;
  readonly transactionTime: TransactionTime;
  /** Occurrences in one transaction. */
  readonly batchSize?: number;
}

const BATCH_SIZE = 500;
/** Of one batch; the jobs have time. */
const BATCH_MILLISECONDS = 60_000;

/** Tells people what has happened since the last run. Any number of processes may run the same job at once. */
export function createNotificationRuns({ database, transactionTime, batchSize = BATCH_SIZE }: Dependencies) {
  const runBatch = (job: NotificationJob, after: OccurrencePosition | null) =>
    database.$transaction(
      async (transaction) => {
        const now = await transactionTime(transaction);
        const doneUntil = await lockRun(transaction, job, lookBackFrom(now));
        const window = windowOf(job, doneUntil, now);
        const told = await findOccurrences(transaction, { job, window, after, limit: batchSize });
        const written = await insertNotifications(transaction, told);
        const last = told.at(-1);
        const found = new Set(told.map(({ at, subject }) => `${at.getTime()} ${subject}`)).size;
        const next = last !== undefined && found >= batchSize ? { at: last.at, subject: last.subject } : null;
        await moveRun(transaction, job, next?.at ?? now);
        return { written, next };
      },
      { timeout: BATCH_MILLISECONDS, maxWait: BATCH_MILLISECONDS },
    );

  return {
    /** How many notifications it wrote. */
    async run(jobs: readonly NotificationJob[]): Promise<number> {
      let total = 0;
      for (const job of jobs) {
        let after: OccurrencePosition | null = null;
        do {
          const { written, next } = await runBatch(job, after);
          total += written;
          after = next;
        } while (after !== null);
      }
      return total;
    },
  };
}
