import { setTimeout as sleep } from "node:timers/promises";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import { postgresUrl } from "./postgres-processes.ts";

interface KeyLock {
  readonly released: Promise<void>;
}

/** Resolves when no statement gets at the keys any more; that ends by itself after so many seconds. */
export async function lockKeys(dataDir: string, seconds: number): Promise<KeyLock> {
  const url = postgresUrl(dataDir);
  const sql = `BEGIN; LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(${seconds}); COMMIT`;
  let failure: unknown = null;
  const released = runSql(url, sql).then(
    () => {},
    (error: unknown) => {
      failure = error;
    },
  );
  while ((await runSql(url, IS_LOCKED)).length === 0) {
    if (failure !== null) throw failure;
    await sleep(10);
  }
  return { released };
}

const IS_LOCKED =
  "SELECT FROM pg_locks WHERE relation = 'api_key'::regclass AND mode = 'AccessExclusiveLock' AND granted";
