import type { KeyLimitScope } from "@latchkey/types/plans";
import { DEFAULT_PAGE_SIZE, type ApiKeyFilter, type ApiKeyOrder } from "@latchkey/types/inputs/api-key-list";
import { isOpaqueId } from "@latchkey/types/inputs/opaque-id";
import { Prisma } from "../../generated/prisma/client.ts";
import type { Database, Transaction } from "../../platform/database/database.ts";
import type { Read } from "../../platform/database/reader.ts";
import type { AuditInsertion } from "../audit/audit.service.ts";
import type { KeyCounts, StoredApiKey } from "./api-key.ts";
import type { KeysetPosition } from "./api-key-cursor.ts";
import type { KeyVisibility } from "./api-keys.policy.ts";
import { afterPosition, isEmpty, matches, orderBy, visibleIn } from "./api-key-list.repository.ts";
import { KEY_COLUMNS, keysStatement, toStoredApiKeys, type KeysRow } from "./api-key-row.repository.ts";
import type { Credential } from "./verification/issue-secret.ts";

export type ApiKeysRepository = ReturnType<typeof createApiKeysRepository>;

export interface KeyPage {
  readonly teamId: string;
  readonly visibility: KeyVisibility;
  readonly filter: ApiKeyFilter;
  readonly order: ApiKeyOrder;
  readonly after: KeysetPosition | null;
  readonly limit: number;
}

type ActiveKeys = Readonly<Record<KeyLimitScope, number>>;

interface NewRevocation {
  readonly id: string;
  readonly revokedById: string;
  readonly at: Date | null;
  readonly event: AuditInsertion;
}

type Revocation = Pick<StoredApiKey, "revokedAt" | "revokedBy">;

interface RevocationRow {
  readonly team_id: string;
  readonly at: Date;
  readonly name: string;
  readonly email: string;
  readonly is_member: boolean;
}

interface NewKey {
  readonly id: string;
  readonly teamId: string;
  readonly createdById: string;
  readonly memberId: string | null;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly replacesId: string | null;
  readonly credential: Credential;
}

/** Keys are read by one statement each, because what they are depends on rows of four other tables (decision 0002). */
export function createApiKeysRepository(database: Database, read: Read) {
  return {
    /** One page in one statement: the page is found by its index first and dressed afterwards. */
    async listPage({ teamId, visibility, filter, order, after, limit }: KeyPage): Promise<StoredApiKey[]> {
      // Written out: of a parameter PostgreSQL assumes a tenth of the table, and plans to read all of it.
      const rows = Prisma.raw(String(Math.trunc(limit)));
      const page = Prisma.sql`
        SELECT ${KEY_COLUMNS} FROM api_key k LEFT JOIN api_key_last_used l ON l.key_id = k.id
         WHERE ${visibleIn(teamId, visibility)} AND ${matches(filter)} AND ${afterPosition(order, after)}
         ORDER BY ${orderBy(order)} LIMIT ${rows}`;
      // What every visit begins with; of filters, places and sizes there are too many to keep a plan of each.
      const isCommon = after === null && isEmpty(filter) && limit === DEFAULT_PAGE_SIZE + 1;
      const name = isCommon ? `list_keys_${visibility.kind}_${order.field}_${order.direction}` : undefined;
      return toKeys(await read<KeysRow>(keysStatement(page, orderBy(order)), name));
    },

    /** Without a filter nothing but an index is read. */
    async countMatching(teamId: string, visibility: KeyVisibility, filter: ApiKeyFilter): Promise<number> {
      const statement = Prisma.sql`
        SELECT count(*)::int AS total FROM api_key k LEFT JOIN api_key_last_used l ON l.key_id = k.id
         WHERE ${visibleIn(teamId, visibility)} AND ${matches(filter)}`;
      const [row] = await read<{ total: number }>(
        statement,
        isEmpty(filter) ? `count_keys_${visibility.kind}` : undefined,
      );
      if (row === undefined) throw new Error("An aggregate without a row.");
      return row.total;
    },

    async countByStatus(teamId: string, visibility: KeyVisibility): Promise<KeyCounts> {
      const statement = Prisma.sql`
        SELECT count(*) FILTER (WHERE k.revoked_at IS NOT NULL)::int AS revoked,
               count(*) FILTER (WHERE k.revoked_at IS NULL AND k.expires_at <= now())::int AS expired,
               count(*) FILTER (WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()))::int AS active
          FROM api_key k
         WHERE ${visibleIn(teamId, visibility)}`;
      const [counts] = await read<KeyCounts>(statement, `count_keys_by_status_${visibility.kind}`);
      if (counts === undefined) throw new Error("An aggregate without a row.");
      return counts;
    },

    /** By id alone: the caller decides by the row's team and creator whether it may be seen. */
    async findByIds(ids: readonly string[], transaction?: Transaction): Promise<StoredApiKey[]> {
      const possible = ids.filter(isOpaqueId);
      const [first] = possible;
      if (first === undefined) return [];
      const isOne = possible.length === 1;
      // A list of unknown length would be planned anew each time, which takes longer than to find the key.
      const matching = isOne ? Prisma.sql`k.id = ${first}` : Prisma.sql`k.id = ANY(${possible}::text[])`;
      const wanted = Prisma.sql`SELECT ${KEY_COLUMNS} FROM api_key k WHERE ${matching}`;
      const statement = keysStatement(wanted, Prisma.sql`k.id`);
      return toKeys(
        transaction === undefined
          ? await read<KeysRow>(statement, isOne ? "find_key" : undefined)
          : await transaction.$queryRaw<KeysRow[]>(statement),
      );
    },

    async insert(transaction: Transaction, { credential, permissions, ...key }: NewKey): Promise<void> {
      await transaction.apiKey.create({ data: { ...key, ...credential, permissions: [...permissions] } });
    },

    async lock(transaction: Transaction, id: string): Promise<void> {
      await transaction.$queryRaw`SELECT id FROM api_key WHERE id = ${id} FOR UPDATE`;
    },

    /**
     * The revocation and its event as one statement, which is the whole transaction: whoever revokes waits for nothing
     * in between. Null when the key was revoked already. Without an instant it is the transaction's own.
     */
    async revoke({ id, revokedById, at, event }: NewRevocation): Promise<Revocation | null> {
      const [row] = await database.$queryRaw<RevocationRow[]>`
        WITH changed AS (
          UPDATE api_key SET revoked_at = coalesce(${at}::timestamptz, now()), revoked_by_id = ${revokedById}
           WHERE id = ${id} AND revoked_at IS NULL RETURNING team_id, revoked_at AS at),
        recorded AS (${event})
        SELECT changed.team_id, changed.at, v.name, v.email,
               EXISTS (SELECT FROM member m WHERE m.team_id = changed.team_id AND m.user_id = v.id) AS is_member
          FROM changed JOIN "user" v ON v.id = ${revokedById}`;
      if (row === undefined) return null;
      const { team_id: teamId, at: revokedAt, name, email, is_member: isMember } = row;
      return { revokedAt, revokedBy: { id: revokedById, name, email, teamId, isMember } };
    },

    /** Locked in the order of their ids, so that two who revoke the same keys at once cannot block each other. */
    async revokeActiveOf(
      transaction: Transaction,
      { teamId, createdById }: { readonly teamId: string; readonly createdById: string },
      revokedById: string,
      revokedAt: Date,
    ): Promise<string[]> {
      const rows = await transaction.$queryRaw<{ id: string }[]>`
        WITH active AS (
          SELECT id FROM api_key
           WHERE team_id = ${teamId} AND created_by_id = ${createdById} AND revoked_at IS NULL
             AND (expires_at IS NULL OR expires_at > now())
           ORDER BY id FOR NO KEY UPDATE)
        UPDATE api_key k SET revoked_at = ${revokedAt}::timestamptz, revoked_by_id = ${revokedById}
          FROM active WHERE k.id = active.id RETURNING k.id`;
      return rows.map(({ id }) => id);
    },

    /** Takes the row's lock and returns the name it had; null when there is no such key. */
    async rename(transaction: Transaction, id: string, name: string): Promise<string | null> {
      const [row] = await transaction.$queryRaw<{ before: string }[]>`
        WITH before AS (SELECT id, name FROM api_key WHERE id = ${id} FOR UPDATE)
        UPDATE api_key k SET name = ${name} FROM before WHERE k.id = before.id RETURNING before.name AS before`;
      return row?.before ?? null;
    },

    /** Active keys in the team, of all and of one creator, for the plan's limits; by the database's clock. */
    async countActive(
      { teamId, createdById }: { readonly teamId: string; readonly createdById: string },
      client: Database | Transaction = database,
    ): Promise<ActiveKeys> {
      const [row] = await client.$queryRaw<ActiveKeys[]>`
        SELECT count(*)::int AS team, count(*) FILTER (WHERE created_by_id = ${createdById})::int AS creator FROM api_key
         WHERE team_id = ${teamId} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`;
      if (row === undefined) throw new Error("An aggregate without a row.");
      return row;
    },
  };
}

function toKeys([row]: readonly KeysRow[]): StoredApiKey[] {
  if (row === undefined) throw new Error("An aggregate without a row.");
  return toStoredApiKeys(row);
}
