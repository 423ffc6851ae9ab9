import { requestsPerMinute } from "@latchkey/types/requests-per-minute";
import type { Database } from "../../platform/database/database.ts";
import type { Read } from "../../platform/database/reader.ts";
import { padded, parameters, shareStatement } from "../../platform/database/shared-statement.ts";

interface PersonRow {
  readonly id: string;
  readonly is_super_admin: boolean;
  readonly banned_at: Date | null;
  readonly ban_expires_at: Date | null;
  readonly last_selected_team_id: string | null;
  readonly member_id: string | null;
  readonly team_id: string | null;
  readonly role: string | null;
  readonly requires_second_factor: boolean | null;
  readonly plan: string | null;
  readonly requests_per_minute: number | null;
  readonly selected_plan: string | null;
  readonly selected_requests_per_minute: number | null;
}

export interface PersonWithMemberships {
  readonly isSuperAdmin: boolean;
  readonly bannedAt: Date | null;
  readonly banExpiresAt: Date | null;
  readonly lastSelectedTeamId: string | null;
  readonly members: readonly {
    readonly id: string;
    readonly teamId: string;
    readonly role: string;
    readonly teamRequiresSecondFactor: boolean;
  }[];
  /** By team: of all memberships, and of the selected team, which a super_admin may be in without one. */
  readonly requestsPerMinute: ReadonlyMap<string, number>;
}

export interface StoredSession {
  readonly id: string;
  readonly userId: string;
  readonly selectedTeamId: string | null;
  readonly expiresAt: Date;
  readonly secondFactorAt: Date | null;
}

export interface SessionWithPerson {
  readonly session: StoredSession;
  readonly person: PersonWithMemberships;
  /** Whether signing in takes them a second step. */
  readonly hasSecondFactor: boolean;
}

interface SessionRow extends PersonRow {
  readonly token: string;
  readonly session_id: string;
  readonly expires_at: Date;
  readonly second_factor_at: Date | null;
  readonly active_team_id: string | null;
  readonly two_factor_enabled: boolean;
}

const PERSON_COLUMNS = `
  u.id, u.is_super_admin, u.banned_at, u.ban_expires_at, u.last_selected_team_id,
  m.id AS member_id, m.team_id, m.role, t.requires_second_factor, s.plan, s.requests_per_minute,
  selected.plan AS selected_plan, selected.requests_per_minute AS selected_requests_per_minute`;

const PERSON_JOINS = `
  LEFT JOIN member m ON m.user_id = u.id
  LEFT JOIN team t ON t.id = m.team_id
  LEFT JOIN subscription s ON s.team_id = m.team_id`;

export type PeopleRepository = ReturnType<typeof createPeopleRepository>;

/** People as our modules see them. Better Auth writes their sign-in data; the platform role and bans are ours. */
export function createPeopleRepository(database: Database, read: Read) {
  return {
    /** The person with their memberships, oldest first, and what rate their teams and the selected one allow. */
    async findWithMemberships(userId: string, selectedTeamId: string | null): Promise<PersonWithMemberships | null> {
      const text = `
        SELECT ${PERSON_COLUMNS}
          FROM "user" u ${PERSON_JOINS}
          LEFT JOIN subscription selected ON selected.team_id = $2
         WHERE u.id = $1
         ORDER BY m.created_at, m.id`;
      return toPerson(await read<PersonRow>({ text, values: [userId, selectedTeamId] }, "find_person"), selectedTeamId);
    },

    /**
     * The session that has this token, whatever its state, with all that a request needs to know of its person: one
     * statement, because every call of a session waits for it. Who asks has proven that the token was given by us.
     */
    findBySessionToken: shareStatement((tokens: readonly string[]) => readSessions(read, tokens)),

    find: (userId: string) =>
      database.user.findUnique({ where: { id: userId }, select: { id: true, name: true, email: true } }),

    findByEmail: (email: string) =>
      database.user.findUnique({ where: { email }, select: { id: true, name: true, email: true } }),

    isEmpty: async () => (await database.user.findFirst({ select: { id: true } })) === null,

    confirmAddress: (userId: string) => database.user.update({ where: { id: userId }, data: { emailVerified: true } }),

    /** Their one-time links: Better Auth keeps whose a link is as its value. */
    deletePasswordLinks: (userId: string) => database.verification.deleteMany({ where: { value: userId } }),

    setSuperAdmin: (userId: string) => database.user.update({ where: { id: userId }, data: { isSuperAdmin: true } }),
  };
}

async function readSessions(read: Read, tokens: readonly string[]): Promise<(SessionWithPerson | null)[]> {
  const values = padded(tokens);
  const text = `
    SELECT se.token, se.id AS session_id, se.expires_at, se.second_factor_at, se.active_team_id, u.two_factor_enabled,
           ${PERSON_COLUMNS}
      FROM session se
      JOIN "user" u ON u.id = se.user_id ${PERSON_JOINS}
      LEFT JOIN subscription selected ON selected.team_id = se.active_team_id
     WHERE se.token IN (${parameters(values.length)})
     ORDER BY m.created_at, m.id`;
  const rows = await read<SessionRow>({ text, values }, `find_sessions_${values.length}`);
  const byToken = Map.groupBy(rows, ({ token }) => token);
  return tokens.map((token) => toSession(byToken.get(token) ?? []));
}

function toSession(rows: readonly SessionRow[]): SessionWithPerson | null {
  const [row] = rows;
  const person = toPerson(rows, row?.active_team_id ?? null);
  if (row === undefined || person === null) return null;
  const session = {
    id: row.session_id,
    userId: row.id,
    selectedTeamId: row.active_team_id,
    expiresAt: row.expires_at,
    secondFactorAt: row.second_factor_at,
  };
  return { session, person, hasSecondFactor: row.two_factor_enabled };
}

function toPerson(rows: readonly PersonRow[], selectedTeamId: string | null): PersonWithMemberships | null {
  const [person] = rows;
  if (person === undefined) return null;
  const limits = new Map<string, number>();
  if (selectedTeamId !== null)
    limits.set(selectedTeamId, requestsPerMinute(person.selected_plan, person.selected_requests_per_minute));
  const members = rows.flatMap((row) => {
    const { member_id: id, team_id: teamId, role } = row;
    if (id === null || teamId === null || role === null) return [];
    limits.set(teamId, requestsPerMinute(row.plan, row.requests_per_minute));
    return [{ id, teamId, role, teamRequiresSecondFactor: row.requires_second_factor === true }];
  });
  return {
    isSuperAdmin: person.is_super_admin,
    bannedAt: person.banned_at,
    banExpiresAt: person.ban_expires_at,
    lastSelectedTeamId: person.last_selected_team_id,
    members,
    requestsPerMinute: limits,
  };
}
