import type { Actor } from "@latchkey/types/actor";
import type { LimitActor } from "../modules/rate-limit/actor-limits.ts";
import type { LimitedArrival } from "../platform/rate-limit-report.ts";
import { presentedKey, type AuthenticateKey } from "./api-key-strategy.ts";
import type { ReadSession } from "./session-strategy.ts";

export interface Authenticated {
  readonly actor: Actor;
  readonly setCookies: readonly string[];
}

export type Authenticate = (headers: Headers, arrival: LimitedArrival) => Promise<Authenticated>;

interface Dependencies {
  readonly authenticateKey: AuthenticateKey;
  readonly readSession: ReadSession;
  readonly acceptBearer: boolean;
  readonly limitActor: LimitActor;
  /** Throws while no call could be recorded. */
  readonly admit: () => void;
}

/**
 * Who makes this request: the key it carries, else its session, else nobody. A request with a key is judged by the key
 * alone, never by a cookie beside it. Whoever is known has a token taken before anything else is decided about them
 * (steps 1 to 4 of spec §5).
 */
export function createAuthenticate(dependencies: Dependencies): Authenticate {
  const { authenticateKey, readSession, acceptBearer, limitActor, admit } = dependencies;
  return async (headers, arrival) => {
    const key = presentedKey(headers, acceptBearer);
    if (key !== null) return { actor: await authenticateKey(key, arrival), setCookies: [] };

    if (headers.has("cookie")) admit();
    const startedAt = performance.now();
    const session = await readSession(headers);
    if (session !== null) {
      const { actor, setCookies, requestsPerMinute } = session;
      const { userId, selectedTeamId: teamId, sessionId } = actor;
      arrival.notes.caller = { userId, teamId, keyId: null, sessionId };
      await limitActor({ kind: "session", id: actor.sessionId, requestsPerMinute }, arrival, startedAt);
      return { actor, setCookies };
    }

    return { actor: { kind: "nobody" }, setCookies: [] };
  };
}
