import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";

/** Another process holds the data directory. The message is the whole sentence for the terminal. */
export class DataDirInUseError extends Error {
  override readonly name = "DataDirInUseError";

  constructor(dataDir: string, pid: number | null) {
    const server = pid === null ? "Another Latchkey server" : `Another Latchkey server (pid ${pid})`;
    super(`${server} is using ${dataDir}. Stop it, or set DATA_DIR to another folder.`);
  }
}

export interface DataDirLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/**
 * Takes the folder for this process, or throws DataDirInUseError.
 *
 * The lock is one the kernel keeps (a record lock, taken through SQLite because Node has no call for it): it ends
 * with the process however that ends, so there is nothing stale to judge and no process id to mistake for another's.
 * PostgreSQL's processes do not inherit it.
 */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const pidFile = join(dataDir, "server.pid");
  const database = openExclusively(join(dataDir, "server.lock"));
  if (database === null) throw new DataDirInUseError(dataDir, await readHolder(pidFile));
  // The pid only words the other starter's refusal. Renamed into place: it is never read half-written, and a file
  // that another user left can be replaced by whoever owns the folder.
  writeFileSync(`${pidFile}.new`, `${process.pid}\n`, { mode: 0o600 });
  renameSync(`${pidFile}.new`, pidFile);
  let isHeld = true;
  return {
    release() {
      if (!isHeld) return;
      isHeld = false;
      rmSync(pidFile, { force: true });
      database.close();
    },
  };
}

function openExclusively(path: string): DatabaseSync | null {
  // Two starters in the same instant can each see the other's shared lock; waiting a moment lets one of them win.
  const database = new DatabaseSync(path, { timeout: 300 });
  try {
    database.exec("BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return null;
    throw new Error(`Cannot lock ${path}: ${String(error)}`, { cause: error });
  }
}

/** The winner writes its pid just after it has the lock: a missing or dead one is looked at again for a moment. */
async function readHolder(pidFile: string): Promise<number | null> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const pid = readPid(pidFile);
    if (pid !== null && isAlive(pid)) return pid;
    await sleep(25);
  }
  return null;
}

function readPid(pidFile: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, "utf8"), 10);
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

/** True also for a process of somebody else, which may not be signalled. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
