import { Prisma } from "../../generated/prisma/client.ts";
import type { Database } from "../../platform/database/database.ts";
import type { BackofficePosition } from "./backoffice-cursor.ts";
import type { BackofficePerson } from "./backoffice-person.ts";
import { ALL, searchIn } from "./search.repository.ts";

export type BackofficePeopleRepository = ReturnType<typeof createBackofficePeopleRepository>;

interface Page {
  readonly search: string;
  readonly after: BackofficePosition | null;
  readonly limit: number;
}

interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly is_super_admin: boolean;
  readonly is_banned: boolean;
  readonly banned_at: Date | null;
  readonly ban_reason: string | null;
  readonly teams: number;
  readonly active_keys: number;
  readonly key_teams: number;
  readonly sessions: number;
}

/** The people of a page are found by their index first, and dressed afterwards. */
const DRESSED = Prisma.sql`
  SELECT u.id, u.name, u.email, u.is_super_admin, u.banned_at, u.ban_reason,
         u.banned_at IS NOT NULL AND (u.ban_expires_at IS NULL OR u.ban_expires_at > now()) AS is_banned,
         (SELECT count(*)::int FROM member m WHERE m.user_id = u.id) AS teams,
         (SELECT count(*)::int FROM session s WHERE s.user_id = u.id AND s.expires_at > now()) AS sessions,
         keys.active_keys, keys.key_teams
    FROM found JOIN "user" u ON u.id = found.id
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS active_keys, count(DISTINCT k.team_id)::int AS key_teams FROM api_key k
       WHERE k.created_by_id = u.id AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
         AND (u.is_super_admin OR EXISTS (
           SELECT FROM member m WHERE m.id = k.member_id AND m.team_id = k.team_id AND m.user_id = u.id))) keys
   ORDER BY u.email, u.id`;

export function createBackofficePeopleRepository(database: Database) {
  return {
    /** One page, by e-mail address. */
    async listPage({ search, after, limit }: Page): Promise<BackofficePerson[]> {
      const table = Prisma.sql`"user" u`;
      const matching = search === "" ? table : await searchIn(database, { table, condition: matches(search) });
      const behind = after === null ? ALL : Prisma.sql`(email, id) > (${after.place}, ${after.id})`;
      const rows = await database.$queryRaw<PersonRow[]>`
        WITH found AS MATERIALIZED (
          SELECT id FROM (SELECT u.id, u.email FROM ${matching}) matching
           WHERE ${behind} ORDER BY email, id LIMIT ${limit})
        ${DRESSED}`;
      return rows.map(toPerson);
    },

    async find(id: string): Promise<BackofficePerson | null> {
      const [row] = await database.$queryRaw<PersonRow[]>`WITH found AS (SELECT ${id} AS id) ${DRESSED}`;
      return row === undefined ? null : toPerson(row);
    },
  };
}

function matches(search: string): Prisma.Sql {
  const asTyped = search.includes("@") ? Prisma.sql`strpos(u.email, lower(${search})) > 0` : ALL;
  return Prisma.sql`(
    (array_to_tsvector(search_words(u.name || ' ' || u.email)) @@ search_query(${search}) AND ${asTyped})
    OR u.id = ${search})`;
}

function toPerson(row: PersonRow): BackofficePerson {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    isSuperAdmin: row.is_super_admin,
    isBanned: row.is_banned,
    bannedAt: row.is_banned ? row.banned_at : null,
    banReason: row.is_banned ? row.ban_reason : null,
    teams: row.teams,
    activeKeys: row.active_keys,
    keyTeams: row.key_teams,
    sessions: row.sessions,
  };
}
