import type { Pool } from "pg";
import type { Logger } from "pino";
import { createMemoryStore, type MemoryStore } from "./memory-store.ts";
import { createBucketTable, createPostgresStore, type BucketTable } from "./postgres-store.repository.ts";
import type { RateLimitStore } from "./rate-limit-store.ts";

export interface Limiter {
  readonly store: RateLimitStore;
  /** When the database has its tables. */
  start(): Promise<void>;
  /** Keeps what a graceful stop can keep. */
  stop(): Promise<void>;
}

interface Options {
  readonly kind: "memory" | "postgres";
  /** Other processes may serve the same database. */
  readonly isDatabaseShared: boolean;
  readonly pool: Pool;
  readonly logger: Logger;
}

const SWEEP_MILLISECONDS = 5 * 60_000;

/** About 100 MB. Keys and sessions are never so many in one process; whoever signs in names accounts as they like. */
const MAX_BUCKETS = 500_000;

/** Microseconds since 1970, by a clock that is right at the start of the process and never set back after. */
export function processMicroseconds(): number {
  return Math.floor((performance.timeOrigin + performance.now()) * 1_000);
}

export function createLimiter({ kind, isDatabaseShared, pool, logger }: Options): Limiter {
  const table = createBucketTable(pool);
  if (kind === "postgres") return postgresLimiter(createPostgresStore(pool), table, logger);
  if (isDatabaseShared) {
    logger.warn(
      "LIMITER=memory: each process counts by itself. With several, a key may send its limit to each, and guesses at passwords count the same way.",
    );
  }
  return memoryLimiter(createMemoryStore({ now: processMicroseconds, maxBuckets: MAX_BUCKETS }), table, logger);
}

function postgresLimiter(store: RateLimitStore, table: BucketTable, logger: Logger): Limiter {
  const sweep = () =>
    table.deleteFull().catch((error: unknown) => logger.warn({ err: error }, "Old rate limit buckets stay for now"));
  const sweeping = setInterval(() => void sweep(), SWEEP_MILLISECONDS);
  sweeping.unref();
  return {
    store,
    start: async () => undefined,
    stop: async () => clearInterval(sweeping),
  };
}

/** A start goes on where the graceful stop before it left off; after a crash every bucket is full. */
function memoryLimiter(store: MemoryStore, table: BucketTable, logger: Logger): Limiter {
  let isStarted = false;
  return {
    store,
    async start() {
      store.restore(await table.load());
      await table.deleteFull();
      isStarted = true;
    },
    async stop() {
      // Before a start the table may not be there, and what it holds is newer than what is here.
      if (!isStarted) return;
      await table
        .save(store.spent())
        .catch((error: unknown) => logger.warn({ err: error }, "Rate limit buckets are lost; they start full"));
    },
  };
}
