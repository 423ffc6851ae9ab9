import type { SessionActor } from "@latchkey/types/actor";
import { isTeamRole } from "@latchkey/types/roles";
import type { SessionPerson } from "../modules/people/people.service.ts";

interface Session {
  readonly sessionId: string;
  readonly userId: string;
  /** Null, or a team the person may have left since. */
  readonly selectedTeamId: string | null;
  /** Where it may do nothing, because no second factor was passed for it; undefined: nowhere. */
  readonly secondFactorMissingIn: SessionActor["secondFactorMissingIn"];
}

/** A person as the services meet them: with the memberships they have now, and a team that they may still see. */
export function sessionActor(session: Session, person: SessionPerson): SessionActor {
  const memberships = person.memberships.flatMap(({ id, teamId, role }) =>
    isTeamRole(role) ? [{ memberId: id, teamId, role }] : [],
  );
  const { selectedTeamId: selected, secondFactorMissingIn } = session;
  const isSuperAdmin = person.isSuperAdmin && secondFactorMissingIn !== "everywhere";
  const maySelect = isSuperAdmin || memberships.some(({ teamId }) => teamId === selected);
  return {
    kind: "session",
    sessionId: session.sessionId,
    userId: session.userId,
    isSuperAdmin,
    memberships,
    selectedTeamId: selected !== null && maySelect ? selected : (memberships[0]?.teamId ?? null),
    ...(secondFactorMissingIn === undefined ? {} : { secondFactorMissingIn }),
  };
}
