import type { Database, Transaction } from "../../platform/database/database.ts";

export type TeamSecurityRepository = ReturnType<typeof createTeamSecurityRepository>;

export function createTeamSecurityRepository(database: Database) {
  return {
    async requiresSecondFactor(teamId: string): Promise<boolean> {
      const team = await database.team.findUnique({ where: { id: teamId }, select: { requiresSecondFactor: true } });
      return team?.requiresSecondFactor ?? false;
    },

    /** Owners and admins, by name. */
    async listWithoutSecondFactor(teamId: string) {
      const members = await database.member.findMany({
        where: { teamId, role: { in: ["owner", "admin"] }, user: { twoFactorEnabled: false } },
        select: { user: { select: { id: true, name: true, email: true } } },
        orderBy: [{ user: { name: "asc" } }, { id: "asc" }],
      });
      return members.map(({ user }) => user);
    },

    async hasSecondFactor(userId: string, client: Database | Transaction = database): Promise<boolean> {
      const user = await client.user.findUnique({ where: { id: userId }, select: { twoFactorEnabled: true } });
      return user?.twoFactorEnabled ?? false;
    },

    /** Whether it was otherwise until now. */
    async setRequirement(transaction: Transaction, teamId: string, isRequired: boolean): Promise<boolean> {
      const { count } = await transaction.team.updateMany({
        where: { id: teamId, requiresSecondFactor: !isRequired },
        data: { requiresSecondFactor: isRequired },
      });
      return count === 1;
    },
  };
}
