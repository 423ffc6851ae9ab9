import type { Pool } from "pg";
import type { Logger } from "pino";
import { DomainError } from "../../platform/domain-error.ts";
import { createMemoryStore, type MemoryStore } from "./memory-store.ts";
import { createPostgresStore, type BucketTable } from "./postgres-store.repository.ts";
import type { RateLimitStore } from "./rate-limit-store.ts";
import type { RedisConnection } from "./redis-connection.repository.ts";
import { redisLocation } from "./redis-location.ts";
import { createRedisStore, type RedisStore } from "./redis-store.repository.ts";
import type { StoreInUse } from "./store-in-use.repository.ts";

interface Options {
  readonly pool: Pool;
  readonly table: BucketTable;
  /** Null without REDIS_URL. */
  readonly redis: RedisConnection | null;
  readonly redisUrl: string | null;
  readonly isDatabaseShared: boolean;
  readonly logger: Logger;
  readonly onOutdated: (newer: number) => void;
}

/** About 100 MB. Keys and sessions are never so many in one process; whoever signs in names accounts as they like. */
const MAX_BUCKETS = 500_000;

/** Microseconds since 1970, by a clock that is right at the start of the process and never set back after. */
export function processMicroseconds(): number {
  return Math.floor((performance.timeOrigin + performance.now()) * 1_000);
}

/** Makes of the row that names the store in use the store itself, as this process reaches it. */
export function createStoreOpener({ pool, table, redis, redisUrl, isDatabaseShared, logger, onOutdated }: Options) {
  let opened: { readonly row: StoreInUse; readonly store: RateLimitStore } | null = null;
  let memory: MemoryStore | null = null;
  let redisStore: RedisStore | null = null;

  const openMemory = async ({ takenOverMicrosecondsAgo }: StoreInUse): Promise<RateLimitStore> => {
    if (isDatabaseShared) {
      logger.warn(
        "LIMITER=memory: each process counts by itself. With several, a key may send its limit to each, and guesses at passwords count the same way.",
      );
    }
    const store = createMemoryStore({ now: processMicroseconds, maxBuckets: MAX_BUCKETS });
    if (takenOverMicrosecondsAgo !== null) store.takeOver(processMicroseconds() - takenOverMicrosecondsAgo);
    // A start goes on where the graceful stop before it left off; after a crash every bucket is full.
    store.restore(await table.load());
    await table.deleteFull();
    return (memory = store);
  };

  const openRedis = async ({ namespace, generation, location }: StoreInUse): Promise<RateLimitStore> => {
    if (redis === null || redisUrl === null || redisLocation(redisUrl) !== location) {
      const reason = redisUrl === null ? "REDIS_URL is not set" : `REDIS_URL is ${redisLocation(redisUrl)}`;
      logger.error(
        `Another process counts rate limits in Redis at ${location}, and here ${reason}: limited calls are answered 503. Set REDIS_URL to it, and restart.`,
      );
      return refusing(`The store in use is Redis at ${location}, and ${reason}.`);
    }
    await redis.start();
    redisStore = createRedisStore({ redis, namespace, generation, onOutdated });
    if (redis.isOpen) await redisStore.mark().catch(() => undefined);
    return told(redisStore);
  };

  const save = async () => {
    const store = memory;
    memory = null;
    if (store === null) return;
    await table
      .save(store.spent())
      .catch((error: unknown) => logger.warn({ err: error }, "Rate limit buckets are lost; they start full"));
  };

  return {
    async open(row: StoreInUse): Promise<RateLimitStore> {
      if (opened?.row.generation === row.generation && opened.row.namespace === row.namespace) return opened.store;
      memory = null;
      redisStore = null;
      const store =
        row.kind === "memory"
          ? await openMemory(row)
          : row.kind === "redis"
            ? await openRedis(row)
            : createPostgresStore(pool, row.takenOverAt);
      opened = { row, store };
      return store;
    },
    /** There is a connection to Redis again: what it lost meanwhile is noticed now, not with somebody's first call. */
    connected(): void {
      redisStore?.mark().catch(() => undefined);
    },
    isReachable: () => opened?.row.kind !== "redis" || (redisStore !== null && redis?.isOpen === true),
    buckets: () => memory?.size ?? null,
    close: save,
  };
}

function refusing(reason: string): RateLimitStore {
  const refuse = async () => {
    throw uncounted(new Error(reason));
  };
  return { take: refuse, giveBack: refuse };
}

/** A store whose failures are outages: nothing that Redis says is for a caller. */
function told(store: RateLimitStore): RateLimitStore {
  const fail = (error: unknown) => {
    throw uncounted(error);
  };
  return {
    take: (name, policy) => Promise.resolve(store.take(name, policy)).catch(fail),
    giveBack: (name, policy) => Promise.resolve(store.giveBack(name, policy)).catch(fail),
  };
}

function uncounted(cause: unknown): DomainError {
  return new DomainError(
    "unavailable",
    "The server cannot reach what counts its rate limits right now. Try again shortly.",
    {},
    { cause },
  );
}
