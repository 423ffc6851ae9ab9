import type { SessionActor } from "@latchkey/types/actor";
import { isTeamRole } from "@latchkey/types/roles";
import type { PeopleService } from "../modules/people/people.service.ts";

type PersonFound = NonNullable<Awaited<ReturnType<PeopleService["findForSession"]>>>;

interface Session {
  readonly sessionId: string;
  readonly userId: string;
  /** Null, or a team the person may have left since. */
  readonly selectedTeamId: string | null;
}

/** A person as the services meet them: with the memberships they have now, and a team that they may still see. */
export function sessionActor(session: Session, person: PersonFound): SessionActor {
  const memberships = person.memberships.flatMap(({ id, teamId, role }) =>
    isTeamRole(role) ? [{ memberId: id, teamId, role }] : [],
  );
  const selected = session.selectedTeamId;
  const maySelect = person.isSuperAdmin || memberships.some(({ teamId }) => teamId === selected);
  return {
    kind: "session",
    sessionId: session.sessionId,
    userId: session.userId,
    isSuperAdmin: person.isSuperAdmin,
    memberships,
    selectedTeamId: selected !== null && maySelect ? selected : (memberships[0]?.teamId ?? null),
  };
}
