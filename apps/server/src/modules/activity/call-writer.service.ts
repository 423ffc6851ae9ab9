import type { Logger } from "pino";
import { isUnstorable, type StoreCalls } from "./call-store.repository.ts";
import type { CallRow } from "./call.ts";
import { distinctDays } from "./days.ts";
import { isPartitionMissing, type Partitions } from "./partitions.repository.ts";

interface Dependencies {
  readonly store: StoreCalls;
  readonly partitions: Partitions;
  readonly logger: Logger;
}

export interface CallWriter {
  /**
   * Stores these rows, oldest first, and says after each part how many more are done with. Rejects when the database
   * does not take them; what was told is done with then, and only that.
   */
  write(rows: readonly CallRow[], done: (count: number) => void): Promise<void>;
  /** Rows that the database would not have in any way. */
  readonly unstorable: number;
}

/** What stands between a row that the database refuses and all the rows that wait behind it. */
export function createCallWriter({ store, partitions, logger }: Dependencies): CallWriter {
  let unstorable = 0;

  const storeWhole = async (rows: readonly CallRow[]) => {
    try {
      await store(rows);
    } catch (error) {
      // A day before the oldest partition (a frozen process, an old spool), or one that nobody made ahead.
      if (!isPartitionMissing(error)) throw error;
      await partitions.ensure(distinctDays(rows.map(({ at }) => at)));
      await store(rows);
    }
  };

  const write: CallWriter["write"] = async (rows, done) => {
    try {
      await storeWhole(rows);
    } catch (error) {
      if (!isUnstorable(error)) throw error;
      if (rows.length > 1) {
        const half = rows.length >> 1;
        await write(rows.slice(0, half), done);
        return write(rows.slice(half), done);
      }
      unstorable += 1;
      logger.error({ err: error, requestId: rows[0]?.requestId }, "A call cannot be recorded and is left out");
    }
    done(rows.length);
  };

  return {
    write,
    get unstorable() {
      return unstorable;
    },
  };
}
