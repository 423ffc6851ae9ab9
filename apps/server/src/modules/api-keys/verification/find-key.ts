import type { Coherence } from "../../../platform/coherence/coherence.ts";
import { createKeyCache } from "./key-cache.ts";
import type { FoundKey, ReadKeyByHash, WatchStatement } from "./key-lookup.repository.ts";
import { subjectsOf } from "./key-record.ts";

/** Finds the key that has one of these hashes (one per live pepper), or null: in memory under a lease, else in the database. */
export type FindKey = (secretHashes: readonly Buffer[]) => FoundKey | null | Promise<FoundKey | null>;

export interface KeyMemory {
  readonly findKey: FindKey;
  /** For the measurements. */
  readonly report: () => { readonly keys: number; readonly hits: number; readonly misses: number };
}

/** About 50 MB (bench/cache-memory.ts). Beyond this the least used keys cost a statement each again. */
const MAX_KEYS = 100_000;

interface Dependencies {
  readonly coherence: Coherence;
  /** Reads from the database, and lets each of its statements be watched. */
  readonly createReader: (watch: WatchStatement) => ReadKeyByHash;
}

export function createKeyMemory({ coherence, createReader }: Dependencies): KeyMemory {
  const cache = createKeyCache({ maxKeys: MAX_KEYS });
  coherence.onChange(cache.forget);
  let hits = 0;
  let misses = 0;

  // R6: only what has not changed since before its statement was sent. Unknown hashes are never remembered: a stranger
  // could fill the memory with them, and a new key would have to be told to everybody.
  const readKey = createReader(() => {
    const fill = coherence.beginFill();
    return {
      found(secretHash, key) {
        if (fill.admits(Object.values(subjectsOf(key)))) cache.set(secretHash, key);
      },
      end: fill.end.bind(fill),
    };
  });

  return {
    findKey(secretHashes) {
      const now = coherence.leasedTime();
      if (now !== null) {
        for (const hash of secretHashes) {
          const key = cache.get(hash);
          if (key === null) continue;
          hits += 1;
          return { key, now: new Date(now) };
        }
      }
      misses += 1;
      return readKey(secretHashes);
    },
    report: () => ({ keys: cache.size, hits, misses }),
  };
}
