import type { Database } from "../../platform/database/database.ts";

export type SecondFactorRepository = ReturnType<typeof createSecondFactorRepository>;

/** Better Auth makes and deletes the row of a second factor; what it does not keep of the codes is written here. */
export function createSecondFactorRepository(database: Database) {
  return {
    find: (userId: string) =>
      database.twoFactor.findUnique({ where: { userId }, select: { id: true, secret: true, lockedUntil: true } }),

    /** Whether this step and none after it has been used until now. One guarded statement, so of two only one is first. */
    async claimStep(id: string, step: number): Promise<boolean> {
      const { count } = await database.twoFactor.updateMany({
        where: { id, OR: [{ lastStep: null }, { lastStep: { lt: step } }] },
        data: { lastStep: step },
      });
      return count === 1;
    },

    /** Wrong codes count in a row only. */
    forgetFailures: (id: string) =>
      database.twoFactor.updateMany({ where: { id }, data: { failedVerificationCount: 0, lockedUntil: null } }),

    /** Counts a wrong code in a row; the last of them locks the second factor. A lock that has passed starts anew. */
    async recordFailure(id: string, limit: number, at: Date, lockedUntil: Date): Promise<void> {
      await database.$executeRaw`
        WITH counted AS (
          SELECT id, CASE WHEN locked_until <= ${at}::timestamptz THEN 1 ELSE failed_verification_count + 1 END AS failures
          FROM two_factor WHERE id = ${id} FOR UPDATE
        )
        UPDATE two_factor
        SET failed_verification_count = counted.failures,
            locked_until = CASE WHEN counted.failures >= ${limit} THEN ${lockedUntil}::timestamptz END
        FROM counted WHERE two_factor.id = counted.id`;
    },

    /** The teams that require a second factor of this person, by name. */
    async findRequiringTeams(userId: string): Promise<string[]> {
      const teams = await database.team.findMany({
        where: { requiresSecondFactor: true, members: { some: { userId, role: { in: ["owner", "admin"] } } } },
        select: { name: true },
        orderBy: [{ name: "asc" }, { id: "asc" }],
      });
      return teams.map(({ name }) => name);
    },
  };
}
