import type { Transaction } from "./database.ts";

/** The instant at which a change happens. */
export type TransactionTime = (transaction: Transaction) => Promise<Date>;

/** The database's clock, the same for the whole of a transaction: no two machines disagree on when a key was made. */
export const databaseTime: TransactionTime = async (transaction) => {
  const [row] = await transaction.$queryRaw<{ now: Date }[]>`SELECT now() AS now`;
  if (row === undefined) throw new Error("A clock without a row.");
  return row.now;
};
