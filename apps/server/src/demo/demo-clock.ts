import { databaseTime, type TransactionTime } from "../platform/database/transaction-time.ts";

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** The database's clock, set back: the demo's services live in the past that they tell. */
export class DemoClock {
  daysAgo = 0;

  readonly transactionTime: TransactionTime = async (transaction) => {
    const now = await databaseTime(transaction);
    return new Date(now.getTime() - this.daysAgo * DAY_MILLISECONDS);
  };
}
