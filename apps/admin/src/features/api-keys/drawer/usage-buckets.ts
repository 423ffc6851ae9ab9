import type { UsageRange } from "../../../generated/graphql.ts";

export interface Bucket {
  /** ISO 8601; the beginning of an hour or a day of UTC. */
  readonly start: string;
  readonly calls: number;
  readonly refused: number;
}

const HOUR_MS = 60 * 60 * 1000;

export const BUCKET_MS = {
  LAST_24_HOURS: HOUR_MS,
  LAST_7_DAYS: 24 * HOUR_MS,
  LAST_30_DAYS: 24 * HOUR_MS,
} as const satisfies Record<UsageRange, number>;

export function totalOf(buckets: readonly Bucket[]): { calls: number; refused: number } {
  return {
    calls: buckets.reduce((sum, { calls }) => sum + calls, 0),
    refused: buckets.reduce((sum, { refused }) => sum + refused, 0),
  };
}

/** The scale's end: a round number that holds the highest bar, and 4 at least, so that one call is no tower. */
export function scaleEnd(buckets: readonly Bucket[]): number {
  const highest = Math.max(4, ...buckets.map(({ calls }) => calls));
  const power = 10 ** Math.floor(Math.log10(highest));
  return [1, 2, 4, 5, 10].map((factor) => factor * power).find((end) => end >= highest) ?? highest;
}

export interface Bar {
  readonly x: number;
  readonly width: number;
  /** Of what passed and what was refused, which stands on it; parts of the whole height. */
  readonly passed: number;
  readonly refused: number;
}

/** The least that can be seen: a part of the height. Without it a single call vanishes beside thousands. */
const LEAST = 0.02;

/** Bars of the width 1 each, with a gap, in a plot of the height 1. */
export function barsOf(buckets: readonly Bucket[], end: number): Bar[] {
  const height = (calls: number) => (calls === 0 ? 0 : Math.max(LEAST, calls / end));
  return buckets.map(({ calls, refused }, index) => ({
    x: index + 0.14,
    width: 0.72,
    passed: height(calls - refused),
    refused: height(refused),
  }));
}
