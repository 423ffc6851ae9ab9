import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./data-dir-lock.ts";
import type { DatabaseLog } from "./database-log.ts";

/**
 * Makes a cluster startable whose last server process was killed: stops the postmaster it left behind, waits for
 * backends that lost theirs, and settles a postmaster.pid that names an unrelated process by now.
 * The caller holds the lock of the data directory, so nobody else can own the postmaster.
 */
export async function clearOrphans(folder: string, log: DatabaseLog): Promise<void> {
  const pidFile = join(folder, "postmaster.pid");
  const pid = readPostmasterPid(pidFile);
  if (pid !== null) {
    if (isAlive(pid) && isPostmasterOf(pid, folder)) {
      log.warn({ pid }, "Stopping the PostgreSQL that a killed server left behind");
      await stopOrphan(pid, folder);
    }
    // Also when nobody seems to have that pid: a killed postmaster is a zombie until it is reaped, and a pid is given away
    // again at any moment. PostgreSQL would take either for another postmaster.
    if (existsSync(pidFile)) pretendOurs(pidFile);
  }
  await endBackends(folder);
}

function readPostmasterPid(pidFile: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, "utf8"), 10);
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

/** Fast (transactions roll back, data is flushed), then immediate, then by force: the next start recovers. */
async function stopOrphan(pid: number, folder: string): Promise<void> {
  for (const [signal, patienceMs] of [
    ["SIGINT", 10_000],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return;
      throw new Error(`A PostgreSQL of another user (pid ${pid}) runs on ${folder}. Stop it and start again.`, {
        cause: error,
      });
    }
    // A stopped process acts on signals only when it is continued.
    process.kill(pid, "SIGCONT");
    const until = Date.now() + patienceMs;
    while (Date.now() < until) {
      if (!isAlive(pid) || !isPostmasterOf(pid, folder)) return;
      await sleep(20);
    }
  }
  throw new Error(`The PostgreSQL with pid ${pid} on ${folder} cannot be stopped. Stop it and start again.`);
}

/** Pid, folder, start time, port, socket folder, address, shared memory; then `ready` and the like. */
const LINES_BEFORE_STATUS = 7;

/**
 * PostgreSQL refuses to start while any process has the pid in postmaster.pid, except its own parent. The file itself
 * must stay: it names the shared memory by which PostgreSQL notices backends that still run. Its status does not: nobody
 * is ready.
 */
function pretendOurs(pidFile: string): void {
  const [, ...rest] = readFileSync(pidFile, "utf8").split("\n").slice(0, LINES_BEFORE_STATUS);
  writeFileSync(pidFile, `${[String(process.pid), ...rest].join("\n")}\n`);
}

/** Removes the folder of an initdb whose server was killed, which may still be running and writing into it. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    for (const pid of processIds()) if (commandLineOf(pid).includes(`--pgdata=${folder}`)) killQuietly(pid);
    for (const pid of postgresProcessesIn(folder)) killQuietly(pid);
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (attempt === 100) throw error;
    }
    if (!existsSync(folder) || attempt === 100) return;
    await sleep(20);
  }
}

/** Backends end by themselves when their postmaster is gone, unless they are busy or stopped. */
async function endBackends(folder: string): Promise<void> {
  const startedAt = Date.now();
  for (;;) {
    const backends = postgresProcessesIn(folder);
    const waitedMs = Date.now() - startedAt;
    if (backends.length === 0 || waitedMs > 10_000) return;
    if (waitedMs > 2_000) for (const pid of backends) killQuietly(pid);
    await sleep(20);
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone in the meantime, which is what was wanted.
  }
}

/** Every PostgreSQL process works inside its cluster's folder. */
function postgresProcessesIn(folder: string): number[] {
  return processIds().filter((pid) => isPostmasterOf(pid, folder));
}

/** Only Linux tells; elsewhere PostgreSQL's own check of its shared memory remains. */
function processIds(): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function isPostmasterOf(pid: number, folder: string): boolean {
  try {
    if (process.platform !== "linux") return commandLineOf(pid).includes(folder);
    const isPostgres = basename(readlinkSync(`/proc/${pid}/exe`)) === "postgres";
    return isPostgres && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder);
  } catch {
    return false;
  }
}

function commandLineOf(pid: number): string {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}
