import { USAGE_RANGES, type UsageRange } from "@latchkey/types/usage-ranges";
import type { ApiKey } from "./api-key.ts";
import { usageOf, type CallCount, type KeyUsage } from "./key-usage.ts";

interface Dependencies {
  /** By key, step and outcome; at least one row for each key, since each tells the time. */
  readonly countCalls: (
    keys: readonly Pick<ApiKey, "id" | "teamId">[],
    span: { readonly buckets: number; readonly bucketHours: number },
  ) => Promise<
    readonly {
      readonly keyId: string;
      readonly start: Date | null;
      readonly code: string | null;
      readonly calls: number | null;
      readonly now: Date;
    }[]
  >;
}

/** How often keys are used. Only for keys that the actor was shown: it asks nobody. */
export function createKeyUsageService({ countCalls }: Dependencies) {
  return {
    /** By the key's id; one statement for any number of keys. */
    async describe(keys: readonly ApiKey[], range: UsageRange): Promise<ReadonlyMap<string, KeyUsage>> {
      const byKey = new Map<string, { now: Date; counts: CallCount[] }>();
      for (const { keyId, start, code, calls, now } of await countCalls(keys, USAGE_RANGES[range])) {
        const ofKey = byKey.get(keyId) ?? { now, counts: [] };
        if (start !== null && code !== null && calls !== null) ofKey.counts.push({ start, code, calls });
        byKey.set(keyId, ofKey);
      }
      return new Map([...byKey].map(([keyId, { now, counts }]) => [keyId, usageOf(counts, range, now)]));
    },
  };
}
