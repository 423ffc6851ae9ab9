import type { SessionActor } from "@latchkey/types/actor";
import { LEAST_REQUESTS_PER_MINUTE } from "@latchkey/types/requests-per-minute";
import type { PeopleService } from "../modules/people/people.service.ts";
import { unavailable } from "../platform/domain-error.ts";
import { isUnavailable } from "../platform/database/unavailable.ts";
import type { Auth } from "./better-auth.ts";
import { sessionActor } from "./session-actor.ts";

interface SessionFound {
  readonly actor: SessionActor;
  /** Better Auth refreshes a session's cookie as it ages: these go into the response. */
  readonly setCookies: readonly string[];
  /** Of the selected team, whichever team a call is about: a session has one bucket. */
  readonly requestsPerMinute: number;
}

export type ReadSession = (headers: Headers) => Promise<SessionFound | null>;

type PersonFound = NonNullable<Awaited<ReturnType<PeopleService["findForSession"]>>>;

/** Where somebody may do nothing until they have passed a second factor; undefined: nowhere. */
type SecondFactorMissingIn = (person: PersonFound) => SessionActor["secondFactorMissingIn"];

/**
 * The person behind the session cookie, with the memberships they have at this moment; null without a valid session.
 * Whoever has a second factor is nobody until they have passed it, by whatever route the session came to be.
 */
export function createReadSession(auth: Auth, people: PeopleService, missingIn: SecondFactorMissingIn): ReadSession {
  return async (headers) => {
    const { response: found, headers: answered } = await getSession(auth, headers);
    if (found === null) return null;
    const hasSecondFactor = found.user.twoFactorEnabled === true;
    if (hasSecondFactor && !(found.session.secondFactorAt instanceof Date)) return null;
    const selectedTeamId = found.session.activeOrganizationId ?? null;
    const person = await people.findForSession(found.user.id, selectedTeamId);
    if (person === null) return null;
    // A proof outlives the second factor that it was given with, and counts for nothing then.
    const secondFactorMissingIn = hasSecondFactor ? undefined : missingIn(person);
    const session = { sessionId: found.session.id, userId: found.user.id, selectedTeamId, secondFactorMissingIn };
    const actor = sessionActor(session, person);
    return {
      actor,
      setCookies: answered.getSetCookie(),
      requestsPerMinute: person.requestsPerMinute.get(actor.selectedTeamId ?? "") ?? LEAST_REQUESTS_PER_MINUTE,
    };
  };
}

async function getSession(auth: Auth, headers: Headers) {
  try {
    return await auth.api.getSession({ headers, returnHeaders: true });
  } catch (error) {
    // Better Auth reports an outage as an internal error; "we cannot know" must not look like "not signed in".
    throw isUnavailable(error) ? unavailable(error) : error;
  }
}
