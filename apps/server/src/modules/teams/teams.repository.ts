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
        where: { id: { in: [...ids] } },
        orderBy: [{ name: "asc" }, { id: "asc" }],
      }),

    /** The team with this slug and its members' ids, for the operator's commands and the demo. */
    findBySlug: (slug: string) => database.team.findUnique({ where: { slug } }),

    exists: async (id: string) => (await database.team.findUnique({ where: { id }, select: { id: true } })) !== null,

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
