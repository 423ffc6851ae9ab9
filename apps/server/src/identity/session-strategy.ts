import type { SessionActor } from "@latchkey/types/actor";
import { LEAST_REQUESTS_PER_MINUTE } from "@latchkey/types/requests-per-minute";
import type { PeopleService, SessionPerson } from "../modules/people/people.service.ts";
import { unavailable } from "../platform/domain-error.ts";
import { isUnavailable } from "../platform/database/unavailable.ts";
import type { Auth } from "./better-auth.ts";
import { sessionActor } from "./session-actor.ts";
import { provenSessionToken } from "./session-cookie.ts";

interface SessionFound {
  readonly actor: SessionActor;
  /** Better Auth refreshes a session's cookie as it ages: these go into the response. */
  readonly setCookies: readonly string[];
  /** Of the selected team, whichever team a call is about: a session has one bucket. */
  readonly requestsPerMinute: number;
}

export type ReadSession = (headers: Headers) => Promise<SessionFound | null>;

/** Where somebody may do nothing until they have passed a second factor; undefined: nowhere. */
type SecondFactorMissingIn = (person: SessionPerson) => SessionActor["secondFactorMissingIn"];

/** A session that lives, as either way finds it. */
interface LivingSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly selectedTeamId: string | null;
  readonly hasSecondFactor: boolean;
  readonly secondFactorAt: Date | null;
}

interface Dependencies {
  readonly auth: Auth;
  readonly people: PeopleService;
  readonly missingIn: SecondFactorMissingIn;
  readonly now: () => Date;
}

/**
 * The person behind the session cookie, with the memberships they have at this moment; null without a valid session.
 * Whoever has a second factor is nobody until they have passed it, by whatever route the session came to be.
 *
 * A session in its plain state is read by one statement of ours. Whatever else there is, Better Auth decides: no cookie
 * or one not signed by us, a session that has ended, and one so old that its cookie is to be renewed. Both ways read
 * the database for every request, so that a session that was revoked opens nothing from then on.
 */
export function createReadSession(dependencies: Dependencies): ReadSession {
  const { missingIn } = dependencies;
  const askBetterAuth = createReadSessionByBetterAuth(dependencies);
  const readPlain = createReadPlainSession(dependencies);

  return async (headers) => {
    const { session, person, setCookies } = (await readPlain(headers)) ?? (await askBetterAuth(headers)) ?? NOBODY;
    if (session === null || person === null) return null;
    if (session.hasSecondFactor && session.secondFactorAt === null) return null;
    // A proof outlives the second factor that it was given with, and counts for nothing then.
    const secondFactorMissingIn = session.hasSecondFactor ? undefined : missingIn(person);
    const actor = sessionActor({ ...session, secondFactorMissingIn }, person);
    return {
      actor,
      setCookies,
      requestsPerMinute: person.requestsPerMinute.get(actor.selectedTeamId ?? "") ?? LEAST_REQUESTS_PER_MINUTE,
    };
  };
}

interface Reading {
  readonly session: LivingSession | null;
  /** Null when they are banned. */
  readonly person: SessionPerson | null;
  readonly setCookies: readonly string[];
}

const NOBODY: Reading = { session: null, person: null, setCookies: [] };

/** Null: this is for Better Auth to answer. */
function createReadPlainSession({ auth, people, now }: Dependencies) {
  return async (headers: Headers): Promise<Reading | null> => {
    const { authCookies, secret, sessionConfig } = await auth.$context;
    const token = provenSessionToken(headers, authCookies, secret);
    const found = token === null ? null : await people.findBySessionToken(token);
    if (found === null) return null;
    const { id: sessionId, userId, selectedTeamId, secondFactorAt, expiresAt } = found.session;
    const remainingSeconds = (expiresAt.getTime() - now().getTime()) / 1_000;
    const isToBeRenewed = remainingSeconds <= sessionConfig.expiresIn - sessionConfig.updateAge;
    // One that has ended is to be renewed as well.
    if (isToBeRenewed) return null;
    const { hasSecondFactor, person } = found;
    const session = { sessionId, userId, selectedTeamId, secondFactorAt, hasSecondFactor };
    return { session, person, setCookies: [] };
  };
}

function createReadSessionByBetterAuth({ auth, people }: Dependencies) {
  return async (headers: Headers): Promise<Reading | null> => {
    const { response, headers: answered } = await getSession(auth, headers);
    if (response === null) return null;
    const { session, user } = response;
    const selectedTeamId = session.activeOrganizationId ?? null;
    return {
      session: {
        sessionId: session.id,
        userId: user.id,
        selectedTeamId,
        hasSecondFactor: user.twoFactorEnabled === true,
        secondFactorAt: session.secondFactorAt instanceof Date ? session.secondFactorAt : null,
      },
      person: await people.findForSession(user.id, selectedTeamId),
      setCookies: answered.getSetCookie(),
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
