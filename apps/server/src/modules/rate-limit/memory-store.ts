import { giveTokenBack, takeToken, type Bucket, type RateLimitDecision, type RateLimitPolicy } from "./gcra.ts";
import type { RateLimitStore } from "./rate-limit-store.ts";

export interface NamedBucket extends Bucket {
  readonly name: string;
}

export interface MemoryStore extends RateLimitStore {
  take(name: string, policy: RateLimitPolicy): RateLimitDecision;
  giveBack(name: string, policy: RateLimitPolicy): void;
  /** The buckets that are not full: all that is worth keeping. */
  spent(): NamedBucket[];
  restore(buckets: readonly NamedBucket[]): void;
  /** From this instant of its clock on it counts what another store has counted: see takeToken. */
  takeOver(at: number): void;
  readonly size: number;
}

interface Options {
  /** Microseconds, by a clock that is never set back. */
  readonly now: () => number;
  /** Where strangers name buckets, they could fill the memory: of more than so many, the longest unused are forgotten. */
  readonly maxBuckets?: number;
}

/** So rarely that looking at every bucket costs nothing a call would notice. */
const SWEEP_MICROSECONDS = 60_000_000;

/** Buckets of this process alone. A crash refills them, at most one capacity extra. */
export function createMemoryStore({ now, maxBuckets = Number.POSITIVE_INFINITY }: Options): MemoryStore {
  // In the order of their last use: an entry is put behind the others each time.
  const buckets = new Map<string, Bucket>();
  let sweptAt = now();
  let takenOverAt: number | null = null;

  const put = (name: string, bucket: Bucket) => {
    buckets.delete(name);
    buckets.set(name, bucket);
  };
  const sweep = (at: number) => {
    sweptAt = at;
    for (const [name, { tat }] of buckets) if (tat < at) buckets.delete(name);
  };

  return {
    take(name, policy) {
      const at = now();
      if (at - sweptAt > SWEEP_MICROSECONDS) sweep(at);
      const { bucket, decision } = takeToken(buckets.get(name) ?? null, at, policy, takenOverAt);
      put(name, bucket);
      if (buckets.size > maxBuckets) forgetOldest(buckets);
      return decision;
    },
    giveBack(name, policy) {
      const bucket = buckets.get(name);
      if (bucket !== undefined) put(name, giveTokenBack(bucket, now(), policy));
    },
    spent() {
      sweep(now());
      return [...buckets].map(([name, bucket]) => ({ name, ...bucket }));
    },
    restore(stored) {
      for (const { name, tat, fraction } of stored) put(name, { tat, fraction });
    },
    takeOver(at) {
      takenOverAt = at;
    },
    get size() {
      return buckets.size;
    },
  };
}

function forgetOldest(buckets: Map<string, Bucket>): void {
  for (const name of buckets.keys()) {
    buckets.delete(name);
    return;
  }
}
