import { subjectsOf, type KeyRecord } from "./key-record.ts";

/**
 * Keys in memory, by the hash of their secret. Holds them together with what keys share: one object for each creator,
 * membership and team, so that a change of any of them reaches all its keys at once, and a key costs little (measured
 * by bench/cache-memory.ts). It knows nothing of time: whoever asks it holds a lease.
 */
export interface KeyCache {
  get(secretHash: Buffer): KeyRecord | null;
  set(secretHash: Buffer, key: KeyRecord): void;
  /** A subject as Coherence tells it; those of other things are ignored. */
  forget(subject: string): void;
  readonly size: number;
}

/** Something that keys share. Once it has changed, no key that holds it is one any more. */
interface Part<Facts extends object> {
  readonly subject: string;
  readonly facts: Facts;
  isCurrent: boolean;
  /** Keys in memory that hold it. */
  holders: number;
}

interface Entry {
  readonly hash: string;
  readonly key: KeyRecord;
  readonly creator: Part<KeyRecord["creator"]>;
  readonly membership: Part<KeyRecord["membership"]>;
  readonly team: Part<KeyRecord["team"]>;
  /** Since it was last considered for eviction. */
  wasUsed: boolean;
}

/** How many used keys one new key may push back before one of them has to go all the same. */
const SECOND_CHANCES = 64;

/** Different sets of permissions that are kept only once. A deployment has few; beyond this each key has its own. */
const SHARED_PERMISSIONS = 1_000;

export function createKeyCache({ maxKeys }: { readonly maxKeys: number }): KeyCache {
  const byHash = new Map<string, Entry>();
  const byId = new Map<string, Entry>();
  const parts = new Map<string, Part<object>>();
  const permissionSets = new Map<string, readonly string[]>();

  /** The part that is known by this subject; null when the two disagree: a change of it is on its way to us. */
  const share = <Facts extends object>(subject: string, facts: Facts): Part<Facts> | null => {
    const known = parts.get(subject) as Part<Facts> | undefined;
    if (known !== undefined) return JSON.stringify(known.facts) === JSON.stringify(facts) ? known : null;
    return { subject, facts, isCurrent: true, holders: 0 };
  };

  const sharePermissions = (permissions: readonly string[]): readonly string[] => {
    const name = permissions.join(" ");
    const known = permissionSets.get(name);
    if (known === undefined && permissionSets.size < SHARED_PERMISSIONS) permissionSets.set(name, permissions);
    return known ?? permissions;
  };

  const add = (entry: Entry) => {
    byHash.set(entry.hash, entry);
    byId.set(entry.key.id, entry);
    for (const part of [entry.creator, entry.membership, entry.team]) {
      part.holders += 1;
      parts.set(part.subject, part);
    }
  };

  const remove = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    byHash.delete(entry.hash);
    byId.delete(entry.key.id);
    for (const part of [entry.creator, entry.membership, entry.team]) {
      part.holders -= 1;
      // By now the subject may have another part, made after this one had changed.
      if (part.holders === 0 && part.isCurrent) parts.delete(part.subject);
    }
  };

  /** Second chance: nearly least-recently-used, and a hit costs one assignment. */
  const makeRoom = () => {
    let chances = SECOND_CHANCES;
    for (const entry of byHash.values()) {
      if (byHash.size < maxKeys) return;
      if (!entry.wasUsed || chances === 0) {
        remove(entry);
        continue;
      }
      chances -= 1;
      entry.wasUsed = false;
      byHash.delete(entry.hash);
      byHash.set(entry.hash, entry);
    }
  };

  return {
    get(secretHash) {
      const entry = byHash.get(secretHash.toString("latin1"));
      if (entry === undefined) return null;
      if (entry.creator.isCurrent && entry.membership.isCurrent && entry.team.isCurrent) {
        entry.wasUsed = true;
        return entry.key;
      }
      remove(entry);
      return null;
    },

    set(secretHash, key) {
      const hash = secretHash.toString("latin1");
      remove(byHash.get(hash));
      remove(byId.get(key.id));
      const subjects = subjectsOf(key);
      const creator = share(subjects.creator, key.creator);
      const membership = share(subjects.membership, key.membership);
      const team = share(subjects.team, key.team);
      if (creator === null || membership === null || team === null) return;
      makeRoom();
      const kept = {
        ...key,
        creator: creator.facts,
        membership: membership.facts,
        team: team.facts,
        permissions: sharePermissions(key.permissions),
      };
      add({ hash, key: kept, creator, membership, team, wasUsed: false });
    },

    forget(subject) {
      if (subject === "*") {
        byHash.clear();
        byId.clear();
        parts.clear();
      } else if (subject.startsWith("k:")) {
        remove(byId.get(subject.slice(2)));
      } else {
        const part = parts.get(subject);
        if (part === undefined) return;
        part.isCurrent = false;
        parts.delete(subject);
      }
    },

    get size() {
      return byHash.size;
    },
  };
}
