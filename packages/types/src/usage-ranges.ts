/** For how long back a key's calls are counted, in how many steps of how many hours. The last step is not over yet. */
export const USAGE_RANGES = {
  LAST_24_HOURS: { buckets: 24, bucketHours: 1 },
  LAST_7_DAYS: { buckets: 7, bucketHours: 24 },
  LAST_30_DAYS: { buckets: 30, bucketHours: 24 },
} as const;
export type UsageRange = keyof typeof USAGE_RANGES;
