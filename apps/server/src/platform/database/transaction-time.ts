import type { Database, Transaction } from "./database.ts";

/** The instant at which a change happens. */
export type TransactionTime = (transaction: Pick<Transaction, "$queryRaw">) => Promise<Date>;

/** The database's clock, the same for the whole of a transaction: no two machines disagree on when a key was made. */
export const databaseTime: TransactionTime = async (transaction) => {
  const [row] = await transaction.$queryRaw<{ now: Date }[]>`SELECT now() AS now`;
  if (row === undefined) throw new Error("A clock without a row.");
  return row.now;
};

/** The same for a change of a single statement: null where that is to take the database's time by itself. */
export async function statementTime(time: TransactionTime, database: Database): Promise<Date | null> {
  return time === databaseTime ? null : time(database);
}
