import { effectivePlan, type PlanName } from "@latchkey/types/plans";
import { requestsPerMinute } from "@latchkey/types/requests-per-minute";
import DataLoader from "dataloader";
import type { Pool } from "pg";
import type { KeyOwnership } from "../key-standing.ts";
import { toKeyOwnership, type KeyOwnershipRow } from "../key-ownership.ts";

/** All that verification needs to know of a key, as one statement saw it. */
export interface KeyRecord {
  readonly id: string;
  readonly teamId: string;
  readonly createdById: string;
  readonly name: string;
  readonly prefix: string;
  readonly pepperId: string;
  readonly permissions: readonly string[];
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly ownership: KeyOwnership;
  readonly plan: PlanName;
  /** By the team's plan, or what the backoffice set for the team. */
  readonly requestsPerMinute: number;
  /** The database's clock in that statement: expiry and bans are judged by one clock only. */
  readonly now: Date;
}

/** Finds the key that has one of these hashes (one per live pepper), or null; by one statement, on the primary. */
export type FindKeyByHash = (secretHashes: readonly Buffer[]) => Promise<KeyRecord | null>;

/** More callers than this wait for the next statement: a plan for more hashes gains nothing. */
const MAX_CALLERS = 32;

interface Row extends KeyOwnershipRow {
  secret_hash: Buffer;
  id: string;
  team_id: string;
  created_by_id: string;
  name: string;
  prefix: string;
  pepper_id: string;
  permissions: string[];
  expires_at: Date | null;
  revoked_at: Date | null;
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
  const parameters = Array.from({ length: hashCount }, (_, index) => `$${index + 1}`);
  return {
    name: `find_key_by_hash_${hashCount}`,
    text: `
    SELECT k.secret_hash, k.id, k.team_id, k.created_by_id, k.name, k.prefix, k.pepper_id, k.permissions, k.expires_at,
           k.revoked_at, k.member_id, m.role AS member_role, u.is_super_admin, u.banned_at, u.ban_expires_at,
           s.status AS subscription_status, s.plan, s.requests_per_minute, now() AS now
      FROM api_key k
      JOIN "user" u ON u.id = k.created_by_id
      LEFT JOIN member m ON m.id = k.member_id AND m.team_id = k.team_id AND m.user_id = k.created_by_id
      LEFT JOIN subscription s ON s.team_id = k.team_id
     WHERE k.secret_hash IN (${parameters.join(", ")})`,
  };
}

/**
 * Calls that arrive while the server has others to read share a statement: sending one costs ten times what it takes to
 * answer one more hash. A call joins only a statement that has not been sent, so what it learns is never older than its
 * own arrival, and a revocation that was acknowledged before it holds for it.
 */
export function createKeyLookup(pool: Pool): FindKeyByHash {
  const lookUp = async (callers: readonly (readonly Buffer[])[]): Promise<(KeyRecord | null)[]> => {
    const values = padded(callers).flat();
    const { rows } = await pool.query<Row>({ ...statementFor(values.length), values });
    const records = new Map(rows.map((row) => [row.secret_hash.toString("base64"), toRecord(row)]));
    return callers.map((hashes) => {
      const known = hashes.map((hash) => records.get(hash.toString("base64")));
      return known.find((record) => record !== undefined) ?? null;
    });
  };
  const loader = new DataLoader(lookUp, {
    cache: false,
    maxBatchSize: MAX_CALLERS,
    // When all that has arrived at the sockets was read.
    batchScheduleFn: (send) => setImmediate(send),
  });
  return (secretHashes) => loader.load(secretHashes);
}

/** As many callers as the next power of two, by repeating one: few different statements, each with a plan of its own. */
function padded(callers: readonly (readonly Buffer[])[]): readonly (readonly Buffer[])[] {
  const [first = []] = callers;
  const missing = 2 ** Math.ceil(Math.log2(callers.length)) - callers.length;
  return [...callers, ...Array.from({ length: missing }, () => first)];
}

function toRecord(row: Row): KeyRecord {
  return {
    id: row.id,
    teamId: row.team_id,
    createdById: row.created_by_id,
    name: row.name,
    prefix: row.prefix,
    pepperId: row.pepper_id,
    permissions: row.permissions,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    ownership: toKeyOwnership(row),
    plan: effectivePlan(row.plan),
    requestsPerMinute: requestsPerMinute(row.plan, row.requests_per_minute),
    now: row.now,
  };
}
