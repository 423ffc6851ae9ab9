import { isBanned } from "./is-banned.ts";
import type { PeopleRepository } from "./people.repository.ts";

export type PeopleService = ReturnType<typeof createPeopleService>;

interface Dependencies {
  readonly repository: PeopleRepository;
  readonly now: () => Date;
}

export function createPeopleService({ repository, now }: Dependencies) {
  const findActive = async (userId: string, selectedTeamId: string | null = null) => {
    const person = await repository.findWithMemberships(userId, selectedTeamId);
    if (person === null || isBanned(person.bannedAt, person.banExpiresAt, now())) return null;
    return person;
  };

  return {
    /** The person behind a session with the memberships of this moment; null when they are banned. */
    async findForSession(userId: string, selectedTeamId: string | null = null) {
      const person = await findActive(userId, selectedTeamId);
      if (person === null) return null;
      const { isSuperAdmin, members, requestsPerMinute } = person;
      return { isSuperAdmin, memberships: members, requestsPerMinute };
    },

    /** Where a new session starts: the last selected team, else the oldest membership. Null: may not sign in. */
    async startSession(userId: string): Promise<{ selectedTeamId: string | null } | null> {
      const person = await findActive(userId);
      if (person === null) return null;
      const last = person.lastSelectedTeamId;
      // A super_admin too: entering a team from outside is recorded, so it is something they do, not a sign-in.
      const isMemberOfLast = person.members.some(({ teamId }) => teamId === last);
      return { selectedTeamId: isMemberOfLast ? last : (person.members[0]?.teamId ?? null) };
    },

    find: (userId: string) => repository.find(userId),

    findByEmail: (email: string) => repository.findByEmail(email.toLowerCase()),

    /** They set a password by a link: their other links end, and the address they got it at is theirs. */
    async afterPasswordReset(userId: string): Promise<void> {
      await repository.deletePasswordLinks(userId);
      await repository.confirmAddress(userId);
    },

    makeSuperAdmin: (userId: string) => repository.setSuperAdmin(userId),

    /** Whether nobody exists yet, so that /sign-in can say how to make the first person. */
    isFirstPersonMissing: () => repository.isEmpty(),
  };
}
