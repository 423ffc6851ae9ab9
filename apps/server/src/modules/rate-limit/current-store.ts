import type { Coherence } from "../../platform/coherence/coherence.ts";
import type { RateLimitStore } from "./rate-limit-store.ts";

/** What is needed to hear of changes of the store in use. */
export type StoreNews = Pick<Coherence, "leasedTime" | "beginFill" | "onChange">;

interface Options {
  /** Reads which store is in use, and answers it ready to be asked. */
  readonly read: () => Promise<RateLimitStore>;
  /** Null: no other process can change it. */
  readonly news: StoreNews | null;
  /** What the change of the store in use is called. */
  readonly subject: string;
  /** Milliseconds, by a clock that is never set back. */
  readonly monotonic: () => number;
}

export interface CurrentStore extends RateLimitStore {
  /** Reads again which it is, after a change that the caller made. Rejects when that cannot be read: so do all calls then. */
  refresh(): Promise<void>;
  /** The same for who only suspects a change: a reading that is under way will do. However many ask, they cannot keep it going. */
  look(): Promise<void>;
}

/** Without a lease it is read again when it was read so long ago: as long as a barrier waits for whoever is silent. */
const FRESH_MILLISECONDS = 1_000;

/**
 * The store that all processes use now. Under a lease a change is heard of before the barrier of whoever made it has
 * passed; without one, what was read counts for a second. Whoever does not know which store is in use counts nowhere.
 */
export function createCurrentStore({ read, news, subject, monotonic }: Options): CurrentStore {
  let store: RateLimitStore | null = null;
  let readAt = Number.NEGATIVE_INFINITY;
  let isTold = false;
  let changes = 0;
  let reading: Promise<void> | null = null;

  const readUntilUnchanged = async () => {
    for (let seen = -1; seen !== changes;) {
      seen = changes;
      const sentAt = monotonic();
      const fill = news?.beginFill();
      try {
        store = await read();
        if (seen !== changes) continue;
        readAt = sentAt;
        isTold = news === null || (fill?.admits([subject]) ?? false);
      } catch (error) {
        // What was asked before a change may fail for what the change has mended, as the very first row does.
        if (seen === changes) throw error;
      } finally {
        fill?.end();
      }
    }
  };
  const look = () => (reading ??= readUntilUnchanged().finally(() => void (reading = null)));
  // A reading that is under way may have been sent before the change.
  const refresh = () => {
    changes += 1;
    return look();
  };
  const known = (): RateLimitStore | null => {
    if (isTold && (news === null || news.leasedTime() !== null)) return store;
    return monotonic() - readAt < FRESH_MILLISECONDS ? store : null;
  };
  const inUse = async (): Promise<RateLimitStore> => {
    await look();
    if (store === null) throw new Error("No store of rate limits is in use.");
    return store;
  };

  news?.onChange((changed) => {
    if (changed !== subject && changed !== "*") return;
    isTold = false;
    readAt = Number.NEGATIVE_INFINITY;
    // Whoever needs it waits for it, and is told if it fails.
    refresh().catch(() => undefined);
  });

  return {
    refresh,
    look,
    take(name, policy) {
      const now = known();
      return now === null ? inUse().then((store) => store.take(name, policy)) : now.take(name, policy);
    },
    giveBack(name, policy) {
      const now = known();
      return now === null ? inUse().then((store) => store.giveBack(name, policy)) : now.giveBack(name, policy);
    },
  };
}
