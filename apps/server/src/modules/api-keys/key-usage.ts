import { USAGE_RANGES, type UsageRange } from "@latchkey/types/usage-ranges";

const HOUR_MILLISECONDS = 3_600_000;
/** What an Int of GraphQL holds. A number as large as that is not read to its last digit. */
const MAX_COUNT = 2 ** 31 - 1;

/** Calls of one step of a range. */
export interface UsageBucket {
  readonly start: Date;
  readonly calls: number;
  /** Those of them that were answered with an error. */
  readonly refused: number;
}

/** Calls that were answered with this error. */
export interface RefusalCount {
  readonly code: string;
  readonly calls: number;
}

export interface KeyUsage {
  /** Oldest first, without gaps. */
  readonly buckets: readonly UsageBucket[];
  /** The most frequent first. */
  readonly refusals: readonly RefusalCount[];
}

/** Calls with the same outcome, in the step that begins then. */
export interface CallCount {
  readonly start: Date;
  /** Empty: no error. */
  readonly code: string;
  readonly calls: number;
}

/** @param now in the last step, which is not over yet. In UTC all hours and days are of one length. */
export function usageOf(counts: readonly CallCount[], range: UsageRange, now: Date): KeyUsage {
  const { buckets: size, bucketHours } = USAGE_RANGES[range];
  const step = bucketHours * HOUR_MILLISECONDS;
  const last = Math.floor(now.getTime() / step);
  const buckets = Array.from({ length: size }, (_, index) => ({
    start: new Date((last - size + 1 + index) * step),
    calls: 0,
    refused: 0,
  }));
  const refusals = new Map<string, number>();
  for (const { start, code, calls } of counts) {
    const bucket = buckets[Math.floor(start.getTime() / step) - last + size - 1];
    if (bucket === undefined) continue;
    bucket.calls += calls;
    if (code === "") continue;
    bucket.refused += calls;
    refusals.set(code, (refusals.get(code) ?? 0) + calls);
  }
  return {
    buckets: buckets.map(({ start, calls, refused }) => ({ start, calls: shown(calls), refused: shown(refused) })),
    refusals: [...refusals]
      .map(([code, calls]) => ({ code, calls: shown(calls) }))
      .toSorted((a, b) => b.calls - a.calls || (a.code < b.code ? -1 : 1)),
  };
}

const shown = (count: number): number => Math.min(count, MAX_COUNT);
