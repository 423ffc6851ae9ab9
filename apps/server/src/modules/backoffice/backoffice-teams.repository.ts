import { isPlanName, subscriptionStatus } from "@latchkey/types/plans";
import { Prisma } from "../../generated/prisma/client.ts";
import type { Database } from "../../platform/database/database.ts";
import type { BackofficePosition } from "./backoffice-cursor.ts";
import type { BackofficeTeam } from "./backoffice-team.ts";
import { ALL, searchIn } from "./search.repository.ts";

export type BackofficeTeamsRepository = ReturnType<typeof createBackofficeTeamsRepository>;

interface Page {
  readonly search: string;
  readonly after: BackofficePosition | null;
  readonly limit: number;
}

interface FactsRow {
  readonly id: string;
  readonly plan: string | null;
  readonly status: string | null;
  readonly requests_per_minute: number | null;
  readonly members: number;
  readonly active_keys: number;
  readonly created_at: Date;
}

export function createBackofficeTeamsRepository(database: Database) {
  return {
    /** Where the teams of a page stand, by name. */
    async findPage({ search, after, limit }: Page): Promise<BackofficePosition[]> {
      const table = Prisma.sql`team t`;
      const matching = search === "" ? table : await searchIn(database, { table, condition: matches(search) });
      return database.$queryRaw`
        SELECT id, place FROM (SELECT t.id, lower(t.name) AS place FROM ${matching}) found
         WHERE ${after === null ? ALL : Prisma.sql`(place, id) > (${after.place}, ${after.id})`}
         ORDER BY place, id LIMIT ${limit}`;
    },

    findTeams: (ids: readonly string[]) => database.team.findMany({ where: { id: { in: [...ids] } } }),

    async describe(ids: readonly string[]): Promise<BackofficeTeam[]> {
      const rows = await database.$queryRaw<FactsRow[]>`
        SELECT t.id, t.created_at, s.plan, s.status, s.requests_per_minute,
               (SELECT count(*)::int FROM member m WHERE m.team_id = t.id) AS members,
               (SELECT count(*)::int FROM api_key k
                 WHERE k.team_id = t.id AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())) AS active_keys
          FROM team t LEFT JOIN subscription s ON s.team_id = t.id
         WHERE t.id = ANY(${[...ids]}::text[])`;
      return rows.map(toTeam);
    },
  };
}

/**
 * Every condition has an index of its own, and PostgreSQL combines them. The addresses are found first, as an array, because
 * a sub-query in an OR would hide the index.
 */
function matches(search: string): Prisma.Sql {
  const ofMember = Prisma.sql`t.id = ANY(ARRAY(
    SELECT m.team_id FROM "user" u JOIN member m ON m.user_id = u.id
     WHERE array_to_tsvector(search_words(u.name || ' ' || u.email)) @@ search_query(${search})
       AND strpos(u.email, lower(${search})) > 0))`;
  return Prisma.sql`(
    array_to_tsvector(search_words(t.name || ' ' || t.slug)) @@ search_query(${search}) OR t.id = ${search}
    OR ${search.includes("@") ? ofMember : Prisma.sql`FALSE`})`;
}

function toTeam(row: FactsRow): BackofficeTeam {
  return {
    id: row.id,
    plan: row.plan !== null && isPlanName(row.plan) ? row.plan : null,
    status: subscriptionStatus(row.status),
    requestsPerMinute: row.requests_per_minute,
    members: row.members,
    activeKeys: row.active_keys,
    createdAt: row.created_at,
  };
}
