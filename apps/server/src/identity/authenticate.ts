import type { Actor } from "@latchkey/types/actor";
import type { VerifyApiKey } from "../modules/api-keys/verification/verify-api-key.ts";
import { authenticateKey, presentedKey } from "./api-key-strategy.ts";
import type { ReadSession } from "./session-strategy.ts";

export interface Authenticated {
  readonly actor: Actor;
  readonly setCookies: readonly string[];
}

export type Authenticate = (headers: Headers, ip: string) => Promise<Authenticated>;

interface Dependencies {
  readonly verifyApiKey: VerifyApiKey;
  readonly readSession: ReadSession;
  readonly acceptBearer: boolean;
}

/**
 * Who makes this request: the key it carries, else its session, else nobody. A request with a key is judged by the key
 * alone, never by a cookie beside it.
 */
export function createAuthenticate({ verifyApiKey, readSession, acceptBearer }: Dependencies): Authenticate {
  return async (headers, ip) => {
    const key = presentedKey(headers, acceptBearer);
    if (key !== null) return { actor: await authenticateKey(verifyApiKey, key, ip), setCookies: [] };

    const session = await readSession(headers);
    if (session !== null) return session;

    return { actor: { kind: "nobody" }, setCookies: [] };
  };
}
