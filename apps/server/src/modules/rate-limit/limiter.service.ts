import { randomBytes } from "node:crypto";
import type { Pool } from "pg";
import type { Logger } from "pino";
import type { Coherence } from "../../platform/coherence/coherence.ts";
import { createCurrentStore } from "./current-store.ts";
import type { RateLimitStore } from "./rate-limit-store.ts";
import { createBucketTable } from "./postgres-store.repository.ts";
import { createRedisConnection } from "./redis-connection.repository.ts";
import { markAsFirst } from "./redis-store.repository.ts";
import { redisLocation } from "./redis-location.ts";
import {
  createStoreInUseRepository,
  STORE_CHANGED,
  type StoreInUse,
  type StoreKind,
  type StorePlace,
} from "./store-in-use.repository.ts";
import { createStoreOpener, processMicroseconds } from "./store-opener.service.ts";

export interface Limiter {
  readonly store: RateLimitStore;
  /** When the database has its tables, and changes are heard of. */
  start(): Promise<void>;
  /** Keeps what a graceful stop can keep. */
  stop(): Promise<void>;
  report(): LimiterReport;
}

export interface LimiterReport {
  /** The store in use; null before the start. */
  readonly kind: StoreKind | null;
  /** `unreachable`: limited calls are answered 503. */
  readonly state: "starting" | "counting" | "unreachable";
  /** Of a memory store. */
  readonly buckets: number | null;
  /** Calls that could not be counted, since the process started. */
  readonly errors: number;
  /** Grows with every change of the store in use. */
  readonly generation: number | null;
}

interface Options {
  /** The store that this process is set to. */
  readonly kind: StoreKind;
  readonly redisUrl: string | null;
  /** Other processes may serve the same database. */
  readonly isDatabaseShared: boolean;
  readonly pool: Pool;
  readonly logger: Logger;
  readonly coherence: Pick<Coherence, "leasedTime" | "beginFill" | "onChange" | "barrier">;
}

const SWEEP_MILLISECONDS = 5 * 60_000;

export { processMicroseconds };

/** One store for all processes, named by a row in the database: a process that is set to another one moves everybody. */
export function createLimiter(options: Options): Limiter {
  const { kind, redisUrl, isDatabaseShared, pool, logger, coherence } = options;
  const rows = createStoreInUseRepository(pool);
  const table = createBucketTable(pool);
  const wanted: StorePlace = { kind, location: kind === "redis" ? redisLocation(redisUrl ?? "") : "" };
  let inUse: StoreInUse | null = null;
  let isStopped = false;
  let hasToMove = false;
  let errors = 0;

  const redis =
    redisUrl === null
      ? null
      : createRedisConnection({
          url: redisUrl,
          logger,
          onOpen() {
            opener.connected();
            if (hasToMove) void move().catch((error: unknown) => logger.warn({ err: error }, "Moving to Redis failed"));
          },
        });
  const opener = createStoreOpener({ pool, table, redis, redisUrl, isDatabaseShared, logger, onOutdated });
  const current = createCurrentStore({
    async read() {
      inUse = (await rows.read()) ?? inUse;
      if (inUse === null) throw new Error("The database names no store of rate limits.");
      return opener.open(inUse);
    },
    news: isDatabaseShared ? coherence : null,
    subject: STORE_CHANGED,
    monotonic: () => performance.now(),
  });

  async function move(): Promise<void> {
    hasToMove = false;
    if (!(await rows.move(wanted))) return;
    logger.info({ store: wanted.kind }, "Rate limits are counted elsewhere from now on, in every process");
    await coherence.barrier();
    await current.refresh();
  }

  /** Redis has heard of a newer generation. The row tells it too, or the database was set back: then it has to catch up. */
  function onOutdated(newer: number): void {
    current
      .look()
      .then(() => ((inUse?.generation ?? newer) < newer ? rows.surpass(newer).then(current.look) : undefined))
      .catch((error: unknown) => logger.warn({ err: error }, "Which store counts rate limits could not be read"));
  }

  const start = async () => {
    if (kind === "redis") await redis?.start();
    if ((await rows.read()) === null) {
      const namespace = randomBytes(6).toString("hex");
      if (kind === "redis" && redis?.isOpen === true) await markAsFirst(redis, namespace).catch(() => undefined);
      await rows.install(wanted, namespace);
    }
    // Nobody is moved to where not even this process gets.
    hasToMove = kind === "redis" && redis?.isOpen !== true;
    if (!hasToMove) await move();
    await current.refresh();
  };

  const sweeping = setInterval(() => {
    if (inUse?.kind !== "postgres") return;
    table.deleteFull().catch((error: unknown) => logger.warn({ err: error }, "Old rate limit buckets stay for now"));
  }, SWEEP_MILLISECONDS);
  sweeping.unref();

  return {
    store: counting(current, () => (errors += 1)),
    start,
    async stop() {
      if (isStopped) return;
      isStopped = true;
      clearInterval(sweeping);
      await opener.close();
      redis?.stop();
    },
    report: () => ({
      kind: inUse?.kind ?? null,
      state: inUse === null ? "starting" : opener.isReachable() ? "counting" : "unreachable",
      buckets: opener.buckets(),
      errors,
      generation: inUse?.generation ?? null,
    }),
  };
}

/** The same store, with its failures counted. */
function counting(store: RateLimitStore, failed: () => void): RateLimitStore {
  const watch = <Result>(outcome: Promise<Result> | Result): Promise<Result> | Result => {
    if (outcome instanceof Promise) outcome.catch(failed);
    return outcome;
  };
  return {
    take: (name, policy) => watch(store.take(name, policy)),
    giveBack: (name, policy) => watch(store.giveBack(name, policy)),
  };
}
