import { effectivePlan } from "@latchkey/types/plans";
import { requestsPerMinute } from "@latchkey/types/requests-per-minute";
import type { Pool } from "pg";
import { padded, parameters, shareStatement } from "../../../platform/database/shared-statement.ts";
import type { KeyRecord } from "./key-record.ts";

export interface FoundKey {
  readonly key: KeyRecord;
  /** The database's clock in that statement: expiry and bans are judged by one clock only. */
  readonly now: Date;
}

/** Reads the keys that have one of these hashes (one per live pepper), or null; in one statement, on the primary. */
export type ReadKeyByHash = (secretHashes: readonly Buffer[]) => Promise<FoundKey | null>;

/** Called just before a statement is sent; what it returns is told what came back, or that nothing did. */
export type WatchStatement = () => {
  readonly found: (secretHash: Buffer, key: KeyRecord) => void;
  readonly end: () => void;
};

interface Row {
  secret_hash: Buffer;
  id: string;
  name: string;
  prefix: string;
  pepper_id: string;
  permissions: string[];
  expires_at: Date | null;
  revoked_at: Date | null;
  member_id: string | null;
  created_by_id: string;
  creator_name: string;
  is_super_admin: boolean;
  banned_at: Date | null;
  ban_expires_at: Date | null;
  current_member_id: string | null;
  current_role: string | null;
  team_id: string;
  team_name: string;
  team_slug: string;
  subscription_status: string | null;
  plan: string | null;
  requests_per_minute: number | null;
  now: Date;
}

/**
 * Named, so that PostgreSQL plans it once per connection. One parameter per hash and not one array: of an array
 * PostgreSQL cannot know how many it holds, so it plans each call anew, which takes three times as long as the look-up.
 * The hash is found through its unique index: what the timing of that could tell is about an HMAC whose pepper no caller
 * has.
 */
function statementFor(hashCount: number): { name: string; text: string } {
  return {
    name: `find_key_by_hash_${hashCount}`,
    text: `
    SELECT k.secret_hash, k.id, k.name, k.prefix, k.pepper_id, k.permissions, k.expires_at, k.revoked_at, k.member_id,
           k.created_by_id, u.name AS creator_name, u.is_super_admin, u.banned_at, u.ban_expires_at,
           m.id AS current_member_id, m.role AS current_role, k.team_id, t.name AS team_name, t.slug AS team_slug,
           s.status AS subscription_status, s.plan, s.requests_per_minute, now() AS now
      FROM api_key k
      JOIN "user" u ON u.id = k.created_by_id
      JOIN team t ON t.id = k.team_id
      LEFT JOIN member m ON m.team_id = k.team_id AND m.user_id = k.created_by_id
      LEFT JOIN subscription s ON s.team_id = k.team_id
     WHERE k.secret_hash IN (${parameters(hashCount)})`,
  };
}

/** Callers share statements, under a lease or without one. */
export function createKeyLookup(pool: Pool, watch: WatchStatement): ReadKeyByHash {
  const lookUp = async (callers: readonly (readonly Buffer[])[]): Promise<(FoundKey | null)[]> => {
    const values = padded(callers).flat();
    const { found, end } = watch();
    try {
      const { rows } = await pool.query<Row>({ ...statementFor(values.length), values });
      const keys = new Map<string, FoundKey>();
      for (const row of rows) {
        const key = toRecord(row);
        keys.set(row.secret_hash.toString("latin1"), { key, now: row.now });
        found(row.secret_hash, key);
      }
      return callers.map((hashes) => {
        const known = hashes.map((hash) => keys.get(hash.toString("latin1")));
        return known.find((key) => key !== undefined) ?? null;
      });
    } finally {
      end();
    }
  };
  return shareStatement(lookUp);
}

function toRecord(row: Row): KeyRecord {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    pepperId: row.pepper_id,
    permissions: row.permissions,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    memberId: row.member_id,
    creator: {
      id: row.created_by_id,
      name: row.creator_name,
      isSuperAdmin: row.is_super_admin,
      bannedAt: row.banned_at,
      banExpiresAt: row.ban_expires_at,
    },
    membership: { id: row.current_member_id, role: row.current_role },
    team: {
      id: row.team_id,
      name: row.team_name,
      slug: row.team_slug,
      plan: effectivePlan(row.plan),
      requestsPerMinute: requestsPerMinute(row.plan, row.requests_per_minute),
      subscriptionStatus: row.subscription_status,
    },
  };
}
