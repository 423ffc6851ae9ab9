import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./data-dir-lock.ts";
import { clusterFolder, clusterUrl, DATABASE, readPassword } from "./postgres-cluster.ts";

/** Lines of postmaster.pid. */
const PID_LINE = 0;
const PORT_LINE = 3;
const STATUS_LINE = 7;

/**
 * The address of the database that another process serves from dataDir, for who may read that folder. A server that is
 * just starting is waited for; null when none is ready within `patienceMs`.
 */
export async function findRunningPostgres(dataDir: string, patienceMs: number): Promise<string | null> {
  const folder = clusterFolder(dataDir);
  for (const until = Date.now() + patienceMs; ; await sleep(50)) {
    const port = readPort(folder);
    if (port !== null) return clusterUrl(readPassword(folder), port, DATABASE);
    if (Date.now() > until) return null;
  }
}

/** Null unless a living postmaster says that it is ready. */
function readPort(folder: string): number | null {
  try {
    const lines = readFileSync(join(folder, "postmaster.pid"), "utf8").split("\n");
    const isReady = lines[STATUS_LINE]?.trim() === "ready" && isAlive(Number(lines[PID_LINE]));
    return isReady ? Number(lines[PORT_LINE]) : null;
  } catch {
    return null;
  }
}
