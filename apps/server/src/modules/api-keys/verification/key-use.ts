/** What the calls of one key amount to since the last flush. */
export interface KeyUseTotal {
  readonly keyId: string;
  readonly lastUsedAt: Date | null;
  readonly lastUsedIp: string | null;
  readonly refused: number;
}

/** Adds these totals to what is stored, in one statement. */
export type SaveKeyUse = (totals: readonly KeyUseTotal[]) => Promise<void>;

/**
 * Last use, kept in memory and written once a second in one statement, so that no request waits for it. It moves
 * forward only; a flush that fails keeps what it held and is repeated with the next.
 */
export interface KeyUse {
  /** A call that passed step 3, at the database's time. */
  accepted(keyId: string, at: Date, ip: string): void;
  /** A call of a revoked or expired key. */
  refused(keyId: string): void;
  /** Writes what has gathered. Rejects when the database does not take it; nothing is lost then. */
  flush(): Promise<void>;
}

export function createKeyUse(save: SaveKeyUse): KeyUse {
  let waiting = new Map<string, KeyUseTotal>();
  let flushing: Promise<void> = Promise.resolve();

  const write = async () => {
    if (waiting.size === 0) return;
    const batch = waiting;
    waiting = new Map();
    try {
      await save([...batch.values()]);
    } catch (error) {
      for (const total of batch.values()) merge(waiting, total);
      throw error;
    }
  };

  return {
    accepted: (keyId, at, ip) => merge(waiting, { keyId, lastUsedAt: at, lastUsedIp: ip, refused: 0 }),
    refused: (keyId) => merge(waiting, { keyId, lastUsedAt: null, lastUsedIp: null, refused: 1 }),
    flush() {
      // One write at a time: a slow database must not be asked to take the same keys twice at once.
      flushing = flushing.then(write, write);
      return flushing;
    },
  };
}

function merge(totals: Map<string, KeyUseTotal>, more: KeyUseTotal): void {
  const total = totals.get(more.keyId);
  if (total === undefined) {
    totals.set(more.keyId, more);
    return;
  }
  const isLater = more.lastUsedAt !== null && (total.lastUsedAt === null || more.lastUsedAt >= total.lastUsedAt);
  const latest = isLater ? more : total;
  totals.set(more.keyId, {
    keyId: more.keyId,
    lastUsedAt: latest.lastUsedAt,
    lastUsedIp: latest.lastUsedIp,
    refused: total.refused + more.refused,
  });
}
