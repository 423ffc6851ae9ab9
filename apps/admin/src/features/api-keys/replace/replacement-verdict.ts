import type { ApiKeyStatus, BlockedReason } from "../../../generated/graphql.ts";

/** A key of the pair, as far as it matters here. */
interface KeyOfPair {
  readonly status: ApiKeyStatus;
  readonly blockedReason: BlockedReason | null;
  readonly lastUsed: string | null;
}

interface OldKey extends KeyOfPair {
  /** Let through or refused. */
  readonly callsLast24Hours: number;
  /** Calls since it expired. */
  readonly refusedSinceRevocation: number;
}

/** For how long the old key has to be silent. */
const SILENT_MS = 24 * 60 * 60 * 1_000;

/** Whether the old key can be revoked, and the one reason that decides it. */
export type ReplacementVerdict =
  | { readonly kind: "revoked" }
  | { readonly kind: "newStopped"; readonly status: ApiKeyStatus; readonly blockedReason: BlockedReason | null }
  | { readonly kind: "expired"; readonly refused: number }
  | { readonly kind: "bothUnused" }
  | { readonly kind: "newUnused" }
  | { readonly kind: "oldCalling"; readonly calls: number; readonly lastUsed: Date }
  | { readonly kind: "oldCalledLater"; readonly lastUsed: Date }
  | { readonly kind: "oldUnused" }
  | { readonly kind: "oldSilent"; readonly hours: number; readonly days: number };

/** `done`: nothing is left to do. */
export type Safety = "done" | "safe" | "unsafe";

export function safetyOf({ kind }: ReplacementVerdict): Safety {
  if (kind === "revoked") return "done";
  return kind === "expired" || kind === "oldUnused" || kind === "oldSilent" ? "safe" : "unsafe";
}

/**
 * What would break if the old key were revoked now. Silence counts only when the new key works meanwhile; a key that was
 * never used is not called silent, because nothing is known of what will use it.
 */
export function replacementVerdict(older: OldKey, newer: KeyOfPair, now: Date): ReplacementVerdict {
  if (older.status === "REVOKED") return { kind: "revoked" };
  if (newer.status !== "ACTIVE" || newer.blockedReason !== null)
    return { kind: "newStopped", status: newer.status, blockedReason: newer.blockedReason };
  if (older.status === "EXPIRED") return { kind: "expired", refused: older.refusedSinceRevocation };
  const oldUse = older.lastUsed === null ? null : new Date(older.lastUsed);
  if (newer.lastUsed === null) return { kind: oldUse === null ? "bothUnused" : "newUnused" };
  if (oldUse === null) return { kind: "oldUnused" };
  const silence = now.getTime() - oldUse.getTime();
  if (silence < SILENT_MS) return { kind: "oldCalling", calls: Math.max(1, older.callsLast24Hours), lastUsed: oldUse };
  if (oldUse > new Date(newer.lastUsed)) return { kind: "oldCalledLater", lastUsed: oldUse };
  const hours = Math.floor(silence / 3_600_000);
  return { kind: "oldSilent", hours, days: Math.floor(hours / 24) };
}
