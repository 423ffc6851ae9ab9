import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../apps/server/src/platform/database/data-dir-lock.ts";

/** The running PostgreSQL processes of a DATA_DIR, the postmaster first. Where there is no /proc, only that one. */
export function postgresProcesses(dataDir: string): number[] {
  const cluster = join(dataDir, "postgres");
  const postmaster = postmasterOf(cluster);
  const others = processIds().filter((pid) => pid !== postmaster && isPostgresIn(pid, cluster));
  return postmaster === null ? others : [postmaster, ...others];
}

export function signalPostgres(dataDir: string, signal: NodeJS.Signals): void {
  for (const pid of postgresProcesses(dataDir)) {
    try {
      process.kill(pid, signal);
    } catch {
      // A backend may have ended since it was listed.
    }
  }
}

/** SIGKILL for all of them, until none is left. */
export async function killPostgres(dataDir: string): Promise<void> {
  while (postgresProcesses(dataDir).length > 0) {
    signalPostgres(dataDir, "SIGKILL");
    await sleep(20);
  }
}

/** The address of a running one, for its superuser. */
export function postgresUrl(dataDir: string): string {
  const [, , , port] = pidFileOf(join(dataDir, "postgres"));
  const password = readFileSync(join(dataDir, "postgres/latchkey.password"), "utf8").trim();
  return `postgresql://latchkey:${password}@127.0.0.1:${port}/latchkey`;
}

function postmasterOf(cluster: string): number | null {
  try {
    const pid = Number(pidFileOf(cluster)[0]);
    return isAlive(pid) && (process.platform !== "linux" || isPostgresIn(pid, cluster)) ? pid : null;
  } catch {
    return null;
  }
}

function pidFileOf(cluster: string): string[] {
  return readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
}

function processIds(): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Every PostgreSQL process works inside its cluster's folder. */
function isPostgresIn(pid: number, cluster: string): boolean {
  try {
    const isPostgres = basename(readlinkSync(`/proc/${pid}/exe`)) === "postgres";
    return isPostgres && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch {
    return false;
  }
}
