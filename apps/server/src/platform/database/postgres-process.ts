import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { POSTGRES_ENV, type PostgresCluster } from "./postgres-cluster.ts";

const LOG_KEPT_BYTES = 10 * 1024 * 1024;
/** Recovery after a crash replays at most max_wal_size; this is far beyond it. */
const START_PATIENCE_MS = 300_000;

/** PostgreSQL ended while it was starting; `output` is what it wrote. */
export class PostgresStartError extends Error {
  override readonly name = "PostgresStartError";
  readonly output: string;

  constructor(output: string, logFile: string) {
    super(`PostgreSQL did not start: ${output || "it wrote no reason"} (see ${logFile})`);
    this.output = output;
  }

  /** Somebody took the port in between. */
  get isPortTaken(): boolean {
    return /could not (bind|create any TCP\/IP)/.test(this.output);
  }

  /** Backends of a killed postmaster still hold their shared memory. */
  get isStillInUse(): boolean {
    return this.output.includes("is still in use");
  }
}

/** Starts a postmaster and resolves when it accepts connections. */
export async function startPostmaster(options: {
  postgres: string;
  cluster: PostgresCluster;
  port: number;
  logFile: string;
  durable: boolean;
  connections: number;
  signal: AbortSignal;
}): Promise<ChildProcess> {
  const { cluster, logFile } = options;
  const log = openSync(logFile, "a", 0o600);
  const logStart = statSync(logFile).size;
  const {
    file,
    args,
    options: as,
  } = cluster.identity.command(options.postgres, [
    "-D",
    cluster.folder,
    ...settings(options).flatMap((setting) => ["-c", setting]),
  ]);
  // Detached: Ctrl+C reaches the whole terminal group, and the server needs its database for a graceful stop.
  const child = spawn(file, args, { ...as, env: POSTGRES_ENV, stdio: ["ignore", log, log], detached: true });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  const until = Date.now() + START_PATIENCE_MS;
  while (!isReady(cluster.folder, child.pid)) {
    await Promise.race([ended, sleep(10)]);
    if (hasEnded) throw new PostgresStartError(outputSince(logFile, logStart), logFile);
    if (options.signal.aborted || Date.now() > until) {
      await stopPostmaster(child);
      throw new PostgresStartError(options.signal.aborted ? "stopped" : "not ready in time", logFile);
    }
  }
  return child;
}

/** Fast shutdown: transactions roll back and data is flushed. By force only where that does not end. */
export async function stopPostmaster(child: ChildProcess): Promise<void> {
  for (const [signal, patienceMs] of [
    ["SIGINT", 6_000],
    ["SIGQUIT", 2_000],
    ["SIGKILL", 2_000],
  ] as const) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await Promise.race([ended, sleep(patienceMs, undefined, { ref: false })]);
  }
}

/** A port that nobody listens on at this moment. */
export async function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("No port")),
      );
    });
  });
}

/** Called while nothing writes to it. */
export function rotateLog(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_KEPT_BYTES) renameSync(logFile, `${logFile}.1`);
}

/** For operators, commands and a rolling restart, above what the server takes. */
const SPARE_CONNECTIONS = 40;

interface Settings {
  readonly port: number;
  readonly durable: boolean;
  readonly connections: number;
}

function settings({ port, durable, connections }: Settings): string[] {
  return [
    "listen_addresses=127.0.0.1",
    `port=${port}`,
    // Paths of sockets are limited to about 100 bytes, and nothing uses them.
    "unix_socket_directories=",
    // A test run has many small pools.
    `max_connections=${durable ? connections + SPARE_CONNECTIONS : 300}`,
    "timezone=UTC",
    "log_timezone=UTC",
    "lc_messages=C",
    "jit=off",
    "logging_collector=off",
    "log_destination=stderr",
    "log_line_prefix=%m [%p] ",
    "log_checkpoints=off",
    // Statements and parameters carry hashes, addresses and tokens: none of them is written, also not with an error.
    "log_statement=none",
    "log_min_duration_statement=-1",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
    // Without these a crash of the machine (not one of PostgreSQL) may lose or tear data: for tests.
    `fsync=${durable ? "on" : "off"}`,
    `full_page_writes=${durable ? "on" : "off"}`,
    "synchronous_commit=on",
  ];
}

/** The postmaster writes its state into the eighth line of postmaster.pid. */
function isReady(folder: string, pid: number | undefined): boolean {
  try {
    const lines = readFileSync(join(folder, "postmaster.pid"), "utf8").split("\n");
    return lines[0] === String(pid) && lines[7]?.trim() === "ready";
  } catch {
    return false;
  }
}

function outputSince(logFile: string, start: number): string {
  return readFileSync(logFile)
    .subarray(start)
    .toString("utf8")
    .split("\n")
    .filter((line) => /FATAL|ERROR|LOG: {2}could not|postgres:|unshare:|setpriv:/.test(line))
    .join(" ")
    .slice(0, 2_000);
}
