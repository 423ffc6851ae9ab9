import type { Database } from "../../platform/database/database.ts";

export type PeopleRepository = ReturnType<typeof createPeopleRepository>;

/** People as our modules see them. Better Auth writes their sign-in data; the platform role and bans are ours. */
export function createPeopleRepository(database: Database) {
  return {
    /** The person with their memberships, oldest first. */
    findWithMemberships: (userId: string) =>
      database.user.findUnique({
        where: { id: userId },
        select: {
          id: true,
          isSuperAdmin: true,
          bannedAt: true,
          banExpiresAt: true,
          lastSelectedTeamId: true,
          members: { select: { id: true, teamId: true, role: true }, orderBy: [{ createdAt: "asc" }, { id: "asc" }] },
        },
      }),

    find: (userId: string) =>
      database.user.findUnique({ where: { id: userId }, select: { id: true, name: true, email: true } }),

    findByEmail: (email: string) =>
      database.user.findUnique({ where: { email }, select: { id: true, name: true, email: true } }),

    isEmpty: async () => (await database.user.findFirst({ select: { id: true } })) === null,

    setSuperAdmin: (userId: string) => database.user.update({ where: { id: userId }, data: { isSuperAdmin: true } }),
  };
}
