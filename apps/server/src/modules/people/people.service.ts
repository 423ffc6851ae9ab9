import { isBanned } from "./is-banned.ts";
import type { PeopleRepository, PersonWithMemberships, StoredSession } from "./people.repository.ts";

export type PeopleService = ReturnType<typeof createPeopleService>;

/** The person behind a session with the memberships of this moment. */
export interface SessionPerson {
  readonly isSuperAdmin: boolean;
  readonly memberships: PersonWithMemberships["members"];
  readonly requestsPerMinute: PersonWithMemberships["requestsPerMinute"];
}

interface FoundSession {
  readonly session: StoredSession;
  readonly hasSecondFactor: boolean;
  /** Null when they are banned. */
  readonly person: SessionPerson | null;
}

interface Dependencies {
  readonly repository: PeopleRepository;
  readonly now: () => Date;
}

export function createPeopleService({ repository, now }: Dependencies) {
  const findActive = async (userId: string, selectedTeamId: string | null = null) => {
    const person = await repository.findWithMemberships(userId, selectedTeamId);
    return person === null || isBannedNow(person) ? null : person;
  };
  const isBannedNow = ({ bannedAt, banExpiresAt }: PersonWithMemberships) => isBanned(bannedAt, banExpiresAt, now());

  return {
    /** The person behind a session with the memberships of this moment; null when they are banned. */
    async findForSession(userId: string, selectedTeamId: string | null = null): Promise<SessionPerson | null> {
      const person = await findActive(userId, selectedTeamId);
      return person === null ? null : toSessionPerson(person);
    },

    /** The session that has this token, whatever its state, and its person; null when there is none. */
    async findBySessionToken(token: string): Promise<FoundSession | null> {
      const found = await repository.findBySessionToken(token);
      if (found === null) return null;
      const { session, hasSecondFactor, person } = found;
      return { session, hasSecondFactor, person: isBannedNow(person) ? null : toSessionPerson(person) };
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

function toSessionPerson({ isSuperAdmin, members, requestsPerMinute }: PersonWithMemberships): SessionPerson {
  return { isSuperAdmin, memberships: members, requestsPerMinute };
}
