/** What the product around Latchkey knows of a team, of what its plan limits. Null: it does not know, or not now. */
export interface ProductUsage {
  readonly adAccounts: number | null;
  /** In the current month, as the product counts months. */
  readonly monthlyAdSpendUsd: number | null;
}

/**
 * The one seam to the product around Latchkey, which has the ad accounts and pays for the ads. Whoever builds that
 * product passes their own to `createServer`. It may throw or take its time: nothing but its own figures depends on it.
 */
export type UsageSource = (teamId: string, signal: AbortSignal) => Promise<ProductUsage | null>;

/** The default: rather no figures than invented ones. */
export const notConnected: UsageSource = async () => null;

const NOTHING_KNOWN: ProductUsage = { adAccounts: null, monthlyAdSpendUsd: null };

interface Options {
  readonly source: UsageSource;
  readonly onFailure: (error: unknown) => void;
  readonly patienceMilliseconds: number;
}

/** Asks the source, and goes without its figures when it fails, is slow, or says what cannot be. */
export function createUsageReader({ source, onFailure, patienceMilliseconds }: Options) {
  return async (teamId: string): Promise<ProductUsage> => {
    try {
      const signal = AbortSignal.timeout(patienceMilliseconds);
      const told = (await Promise.race([source(teamId, signal), rejectionOf(signal)])) ?? NOTHING_KNOWN;
      return { adAccounts: figure(told.adAccounts), monthlyAdSpendUsd: figure(told.monthlyAdSpendUsd) };
    } catch (error) {
      onFailure(error);
      return NOTHING_KNOWN;
    }
  };
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

/** A whole number that a door can carry (GraphQL's Int has 32 bits), or null. */
function figure(value: number | null): number | null {
  if (value === null || !Number.isFinite(value) || value < 0) return null;
  return Math.min(Math.round(value), 2_147_483_647);
}
