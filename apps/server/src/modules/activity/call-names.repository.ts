import { Prisma } from "../../generated/prisma/client.ts";
import type { Read } from "../../platform/database/reader.ts";
import type { Person } from "../people/person.ts";
import type { StoredCall } from "./activity-reading.repository.ts";
import { containing } from "./call-conditions.repository.ts";
import type { CallKey, CallNames } from "./recorded-call.ts";
import type { RefusedKey } from "./refusal.ts";

/** More keys than this are no search for one of them. */
const MAX_NAMED = 200;

export type CallNamesRepository = ReturnType<typeof createCallNamesRepository>;

/** The names of what calls only have ids of. */
export function createCallNamesRepository(read: Read) {
  return {
    async namesOf(teamId: string, calls: readonly StoredCall[]): Promise<CallNames> {
      const keyIds = [...new Set(calls.flatMap(({ keyId }) => keyId ?? []))];
      const userIds = [...new Set(calls.map(({ userId }) => userId))];
      const [keys, people] = await Promise.all([
        read<CallKey>(
          Prisma.sql`SELECT id, name, prefix FROM api_key WHERE team_id = ${teamId} AND id = ANY(${keyIds}::text[])`,
        ),
        read<Person>(Prisma.sql`
          SELECT u.id, u.name, u.email, ${teamId}::text AS "teamId",
                 EXISTS (SELECT FROM member m WHERE m.team_id = ${teamId} AND m.user_id = u.id) AS "isMember"
            FROM "user" u WHERE u.id = ANY(${userIds}::text[])`),
      ]);
      return { keys: byId(keys), people: byId(people) };
    },

    async factsOfKey(teamId: string, keyId: string): Promise<RefusedKey | null> {
      const [key] = await read<RefusedKey>(Prisma.sql`
        SELECT permissions, expires_at AS "expiresAt", revoked_at AS "revokedAt" FROM api_key
         WHERE id = ${keyId} AND team_id = ${teamId}`);
      return key ?? null;
    },

    /** The team's keys that go by this name, or begin so. */
    async findKeys(teamId: string, text: string): Promise<string[]> {
      const rows = await read<{ id: string }>(Prisma.sql`
        SELECT id FROM api_key WHERE team_id = ${teamId} AND (name ILIKE ${containing(text)} OR prefix = ${text} OR id = ${text})
         LIMIT ${MAX_NAMED}`);
      return rows.map(({ id }) => id);
    },
  };
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
