import { isOpaqueId } from "@latchkey/types/inputs/opaque-id";
import type { TeamRole } from "@latchkey/types/roles";
import type { Prisma } from "../../generated/prisma/client.ts";
import type { Database, Transaction } from "../../platform/database/database.ts";

export type TeamsRepository = ReturnType<typeof createTeamsRepository>;

/** What a door wants to see of a team; opaque to services, which only pass it on. */
export type TeamSelection = Pick<Prisma.TeamFindManyArgs, "include" | "select">;

interface NewTeam {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly createdAt: Date;
}

interface NewMember {
  readonly id: string;
  readonly teamId: string;
  readonly userId: string;
  readonly role: TeamRole;
  readonly createdAt: Date;
}

export function createTeamsRepository(database: Database) {
  return {
    /** Teams by id, in the order of the names. The caller has decided that these may be seen. */
    findByIds: (ids: readonly string[], selection: TeamSelection = {}) =>
      database.team.findMany({
        ...selection,
        where: { id: { in: ids.filter(isOpaqueId) } },
        orderBy: [{ name: "asc" }, { id: "asc" }],
      }),

    /** The team with this slug and its members' ids, for the operator's commands and the demo. */
    findBySlug: (slug: string) => database.team.findUnique({ where: { slug } }),

    /** Whether there is such a team, and whether this session has come into it from outside before. */
    async findEntry(
      sessionId: string,
      teamId: string,
      client: Database | Transaction = database,
    ): Promise<{ readonly exists: boolean; readonly isEntered: boolean }> {
      if (!isOpaqueId(teamId)) return { exists: false, isEntered: false };
      const [row] = await client.$queryRaw<{ is_entered: boolean }[]>`
        SELECT EXISTS (SELECT FROM team_entry e WHERE e.session_id = ${sessionId} AND e.team_id = t.id) AS is_entered
          FROM team t WHERE t.id = ${teamId}`;
      return { exists: row !== undefined, isEntered: row?.is_entered ?? false };
    },

    /** Whether this was the first time. Not for a session that has ended meanwhile: its entries went with it. */
    async insertEntry(
      transaction: Transaction,
      { sessionId, teamId, at }: { readonly sessionId: string; readonly teamId: string; readonly at: Date },
    ): Promise<boolean> {
      const inserted = await transaction.$executeRaw`
        INSERT INTO team_entry (session_id, team_id, entered_at)
        SELECT s.id, ${teamId}, ${at}::timestamptz FROM session s WHERE s.id = ${sessionId} FOR KEY SHARE
            ON CONFLICT DO NOTHING`;
      return inserted === 1;
    },

    /** Whoever wants the same slug waits until this transaction has ended, and then sees what it took. */
    async isSlugTaken(transaction: Transaction, slug: string): Promise<boolean> {
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`team slug ${slug}`}, 0))`;
      return (await transaction.team.findUnique({ where: { slug }, select: { id: true } })) !== null;
    },

    insertTeam: (transaction: Transaction, team: NewTeam) => transaction.team.create({ data: team }),

    insertMember: (transaction: Transaction, member: NewMember) => transaction.member.create({ data: member }),

    /** Remembers the selection for this session, and for the person's next sign-in. */
    async select(transaction: Transaction, sessionId: string, userId: string, teamId: string): Promise<void> {
      await transaction.session.update({ where: { id: sessionId }, data: { activeTeamId: teamId } });
      await transaction.user.update({ where: { id: userId }, data: { lastSelectedTeamId: teamId } });
    },
  };
}
