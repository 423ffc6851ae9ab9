import { Prisma } from "../../generated/prisma/client.ts";
import { readInstant } from "../../platform/instant.ts";
import type { Person } from "../people/person.ts";
import type { StoredApiKey } from "./api-key.ts";

// Keys as one statement reads them: the keys, their people, their last use, and what decides their standing. Their
// columns come as a JSON array each, and each person once: that PostgreSQL writes and V8 reads in half the time of fifty
// rows that repeat their creator (decision 0020).

/** The answer of `keysStatement`: always one row. */
export interface KeysRow {
  readonly found: FoundKeys;
}

/** Columns are null when there is no key. In each, place i is the i-th key's; instants are ISO 8601. */
interface FoundKeys {
  readonly id: readonly string[] | null;
  readonly team_id: readonly string[] | null;
  readonly name: readonly string[] | null;
  readonly prefix: readonly string[] | null;
  readonly permissions: readonly (readonly string[])[] | null;
  readonly created_at: readonly string[] | null;
  readonly created_by_id: readonly string[] | null;
  readonly member_id: readonly (string | null)[] | null;
  readonly expires_at: readonly (string | null)[] | null;
  readonly revoked_at: readonly (string | null)[] | null;
  readonly revoked_by_id: readonly (string | null)[] | null;
  readonly replaces_id: readonly (string | null)[] | null;
  readonly replaced_by_id: readonly (string | null)[] | null;
  readonly last_used_at: readonly (string | null)[] | null;
  readonly last_used_ip: readonly (string | null)[] | null;
  readonly refused_since_revocation: readonly (number | null)[] | null;
  readonly people: readonly PersonInTeam[] | null;
  readonly now: string;
}

/** Who made or revoked one of the keys, as what they are in its team at present. */
interface PersonInTeam {
  readonly team_id: string;
  readonly user_id: string;
  readonly name: string;
  readonly email: string;
  readonly is_super_admin: boolean;
  readonly banned_at: string | null;
  readonly ban_expires_at: string | null;
  /** Null when they are no member. */
  readonly member_id: string | null;
  readonly role: string | null;
  readonly subscription_status: string | null;
}

/** What `keysStatement` needs of the keys; in the relation that it is given, `k` is the key. */
export const KEY_COLUMNS = Prisma.sql`
  k.id, k.team_id, k.name, k.prefix, k.permissions, k.created_at, k.created_by_id, k.member_id, k.expires_at,
  k.revoked_at, k.revoked_by_id, k.replaces_id`;

/** Of the keys that `keys` selects, in the order of `k` and of `l`, their last use. */
export function keysStatement(keys: Prisma.Sql, order: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    WITH page AS MATERIALIZED (${keys})
    SELECT json_build_object(
             'id', json_agg(k.id), 'team_id', json_agg(k.team_id), 'name', json_agg(k.name),
             'prefix', json_agg(k.prefix), 'permissions', json_agg(k.permissions), 'created_at', json_agg(k.created_at),
             'created_by_id', json_agg(k.created_by_id), 'member_id', json_agg(k.member_id),
             'expires_at', json_agg(k.expires_at), 'revoked_at', json_agg(k.revoked_at),
             'revoked_by_id', json_agg(k.revoked_by_id), 'replaces_id', json_agg(k.replaces_id),
             'replaced_by_id', json_agg(k.replaced_by_id), 'last_used_at', json_agg(k.last_used_at),
             'last_used_ip', json_agg(k.last_used_ip),
             'refused_since_revocation', json_agg(k.refused_since_revocation),
             'people', (${PEOPLE}), 'now', now()) AS found
      FROM (SELECT k.*, l.last_used_at, l.last_used_ip, l.refused_since_revocation,
                   (SELECT r.id FROM api_key r WHERE r.replaces_id = k.id AND r.revoked_at IS NULL) AS replaced_by_id
              FROM page k LEFT JOIN api_key_last_used l ON l.key_id = k.id ORDER BY ${order}) k`;
}

const PEOPLE = Prisma.sql`
  SELECT json_agg(json_build_object(
           'team_id', p.team_id, 'user_id', u.id, 'name', u.name, 'email', u.email, 'is_super_admin', u.is_super_admin,
           'banned_at', u.banned_at, 'ban_expires_at', u.ban_expires_at, 'member_id', m.id, 'role', m.role,
           'subscription_status', s.status))
    FROM (SELECT team_id, created_by_id AS user_id FROM page
           UNION SELECT team_id, revoked_by_id FROM page WHERE revoked_by_id IS NOT NULL) p
    JOIN "user" u ON u.id = p.user_id
    LEFT JOIN member m ON m.team_id = p.team_id AND m.user_id = p.user_id
    LEFT JOIN subscription s ON s.team_id = p.team_id`;

export function toStoredApiKeys({ found }: KeysRow): StoredApiKey[] {
  const people = new Map(
    found.people?.map((person) => [placeOf(person.team_id, person.user_id), toKnownPerson(person)]),
  );
  const find = (teamId: string, userId: string): KnownPerson => {
    const person = people.get(placeOf(teamId, userId));
    if (person === undefined) throw new Error("A key without its person.");
    return person;
  };
  const now = new Date(found.now);
  return (found.id ?? []).map((id, index) => toStoredApiKey(found, { id, index, find, now }));
}

interface KeyPlace {
  readonly id: string;
  readonly index: number;
  readonly find: (teamId: string, userId: string) => KnownPerson;
  readonly now: Date;
}

function toStoredApiKey(found: FoundKeys, { id, index, find, now }: KeyPlace): StoredApiKey {
  const teamId = at(found.team_id, index);
  const creator = find(teamId, at(found.created_by_id, index));
  const revokedById = at(found.revoked_by_id, index);
  const memberId = at(found.member_id, index);
  return {
    id,
    teamId,
    name: at(found.name, index),
    prefix: at(found.prefix, index),
    permissions: at(found.permissions, index),
    createdAt: readInstant(at(found.created_at, index)),
    createdBy: creator.person,
    expiresAt: instantOf(at(found.expires_at, index)),
    lastUsed: instantOf(at(found.last_used_at, index)),
    lastUsedIp: at(found.last_used_ip, index),
    revokedAt: instantOf(at(found.revoked_at, index)),
    revokedBy: revokedById === null ? null : find(teamId, revokedById).person,
    refusedSinceRevocation: at(found.refused_since_revocation, index) ?? 0,
    replacesId: at(found.replaces_id, index),
    replacedById: at(found.replaced_by_id, index),
    ownership: {
      memberId,
      // Nobody is a member of a team twice: another membership than the key's came after it had ended.
      memberRole: memberId !== null && memberId === creator.memberId ? creator.role : null,
      isOwnerSuperAdmin: creator.isSuperAdmin,
      ownerBannedAt: creator.bannedAt,
      ownerBanExpiresAt: creator.banExpiresAt,
      subscriptionStatus: creator.subscriptionStatus,
    },
    now,
  };
}

interface KnownPerson {
  readonly person: Person;
  readonly memberId: string | null;
  readonly role: string | null;
  readonly isSuperAdmin: boolean;
  readonly bannedAt: Date | null;
  readonly banExpiresAt: Date | null;
  readonly subscriptionStatus: string | null;
}

function toKnownPerson(row: PersonInTeam): KnownPerson {
  return {
    person: {
      id: row.user_id,
      name: row.name,
      email: row.email,
      teamId: row.team_id,
      isMember: row.member_id !== null,
    },
    memberId: row.member_id,
    role: row.role,
    isSuperAdmin: row.is_super_admin,
    bannedAt: instantOf(row.banned_at),
    banExpiresAt: instantOf(row.ban_expires_at),
    subscriptionStatus: row.subscription_status,
  };
}

/** No id holds a space. */
const placeOf = (teamId: string, userId: string): string => `${teamId} ${userId}`;

const instantOf = (text: string | null): Date | null => (text === null ? null : readInstant(text));

function at<Value>(column: readonly Value[] | null, index: number): Value {
  const value = column?.[index];
  if (value === undefined) throw new Error("A column that is shorter than the others.");
  return value;
}
