import type { ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { lockDataDir } from "./data-dir-lock.ts";
import type { DatabaseLog } from "./database-log.ts";
import { clearOrphans } from "./orphaned-postmaster.ts";
import { findPostgresBinaries } from "./postgres-binaries.ts";
import { clusterUrl, DATABASE, openCluster, type PostgresCluster } from "./postgres-cluster.ts";
import { findFreePort, PostgresStartError, rotateLog, startPostmaster, stopPostmaster } from "./postgres-process.ts";

export interface EmbeddedPostgres {
  /** Of the product's database, as its owner; the same until `stop`. */
  url: string;
  /** The cluster was made by this start. */
  isFresh: boolean;
  /** Fast shutdown; resolves when PostgreSQL has ended and the folder is free. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on `<dataDir>/postgres`, making it first where there is none, and keeps it running: one that ends
 * by itself is started again on the same port. Works as root and as an ordinary user.
 * Throws DataDirInUseError when another server holds dataDir. `durable: false` trades safety for speed, for tests.
 * `connections` are what the server takes, where that is more than usual.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  log: DatabaseLog;
  durable?: boolean;
  connections?: number;
}): Promise<EmbeddedPostgres> {
  const { dataDir, log, durable = true, connections = 80 } = options;
  makeDataDir(dataDir);
  const lock = await lockDataDir(dataDir);
  let supervisor: PostmasterSupervisor | null = null;
  try {
    const binaries = await findPostgresBinaries();
    const cluster = await openCluster({ dataDir, binaries, durable });
    const logFile = join(dataDir, "postgres.log");
    supervisor = new PostmasterSupervisor({ postgres: binaries.postgres, cluster, logFile, durable, connections, log });
    await supervisor.start();
    const url = await ensureDatabase(cluster.password, supervisor.port);
    const running = supervisor;
    return {
      url,
      isFresh: cluster.isFresh,
      async stop() {
        await running.stop();
        lock.release();
      },
    };
  } catch (error) {
    await supervisor?.stop();
    lock.release();
    throw error;
  }
}

function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    chmodSync(dataDir, 0o700);
  } catch (error) {
    throw new Error(
      `Cannot use ${dataDir} for data (${(error as Error).message}). Set DATA_DIR to a folder of your own.`,
      {
        cause: error,
      },
    );
  }
}

interface SupervisorOptions {
  postgres: string;
  cluster: PostgresCluster;
  logFile: string;
  durable: boolean;
  connections: number;
  log: DatabaseLog;
}

class PostmasterSupervisor {
  port = 0;
  readonly #options: SupervisorOptions;
  readonly #stopping = new AbortController();
  #child: ChildProcess | null = null;
  #restarting: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | null = null;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { cluster, log, logFile } = this.#options;
    await clearOrphans(cluster.folder, log);
    rotateLog(logFile);
    // A process that ends without `stop` (an uncaught exception) still asks PostgreSQL to end.
    process.once("exit", this.#stopAtExit);
    for (let attempt = 1; ; attempt += 1) {
      this.port = await findFreePort();
      try {
        this.#watch(await this.#startOnce());
        return;
      } catch (error) {
        const isWorthRetrying = error instanceof PostgresStartError && (error.isPortTaken || error.isStillInUse);
        if (!isWorthRetrying || attempt === 10) throw error;
        await sleep(100 * attempt);
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopped ??= this.#stopOnce();
    return this.#stopped;
  }

  async #stopOnce(): Promise<void> {
    this.#stopping.abort();
    await this.#restarting;
    if (this.#child !== null) await stopPostmaster(this.#child);
    process.off("exit", this.#stopAtExit);
  }

  readonly #stopAtExit = (): void => {
    this.#child?.kill("SIGINT");
  };

  async #startOnce(): Promise<ChildProcess> {
    return startPostmaster({ ...this.#options, port: this.port, signal: this.#stopping.signal });
  }

  #watch(child: ChildProcess): void {
    this.#child = child;
    const startedAt = Date.now();
    child.once("exit", (code, signal) => {
      this.#child = null;
      if (this.#stopping.signal.aborted) return;
      this.#options.log.error({ code, signal }, "PostgreSQL ended by itself; starting it again");
      this.#restarting = this.#restart(Date.now() - startedAt > 60_000 ? 0 : 250);
    });
  }

  /** Waits longer after every failure, up to 10 s, for as long as the server runs: a full disk may be mended. */
  async #restart(firstDelayMs: number): Promise<void> {
    const { cluster, log } = this.#options;
    for (let delayMs = firstDelayMs; !this.#stopping.signal.aborted; delayMs = Math.min(delayMs * 2 + 100, 10_000)) {
      try {
        await sleep(delayMs, undefined, { signal: this.#stopping.signal });
        await clearOrphans(cluster.folder, log);
        this.#watch(await this.#startOnce());
        log.info({ port: this.port }, "PostgreSQL runs again");
        return;
      } catch (error) {
        if (!this.#stopping.signal.aborted)
          log.error({ err: error }, "PostgreSQL could not be started again; trying on");
      }
    }
  }
}

/** A start may have been killed between initdb and this, so it is looked at every time. */
async function ensureDatabase(password: string, port: number): Promise<string> {
  const connectionString = clusterUrl(password, port, "postgres");
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
  return clusterUrl(password, port, DATABASE);
}
