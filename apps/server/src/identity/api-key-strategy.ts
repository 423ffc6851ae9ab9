import type { SecretProblem } from "@latchkey/key-format/secret";
import type { KeyActor } from "@latchkey/types/actor";
import type { VerifyApiKey, Verification } from "../modules/api-keys/verification/verify-api-key.ts";
import type { LimitActor } from "../modules/rate-limit/actor-limits.ts";
import type { LimitFailingKey } from "../modules/rate-limit/failing-keys.ts";
import type { CallNotes } from "../platform/call-notes.ts";
import { isUnavailable } from "../platform/database/unavailable.ts";
import { DomainError, unavailable } from "../platform/domain-error.ts";
import type { LimitedArrival } from "../platform/rate-limit-report.ts";
import { describeSecretProblem } from "./secret-problem.ts";

/** Only what looks like one of our keys: other bearer tokens are none of our business. */
const BEARER_KEY = /^Bearer\s+([a-z0-9]{2,8}_.*)$/is;

/** The key a request carries, or null when it carries none. Two keys, or a key in the wrong header, are refused. */
export function presentedKey(headers: Headers, acceptBearer: boolean): string | null {
  const key = headers.get("x-api-key");
  const bearer = BEARER_KEY.exec(headers.get("authorization") ?? "")?.[1] ?? null;
  if (bearer !== null && !acceptBearer && key === null) {
    throw new DomainError("wrong_header", "Keys are sent in the header x-api-key, not as Authorization: Bearer.");
  }
  if (key !== null && bearer !== null && acceptBearer) {
    throw new DomainError(
      "key_malformed",
      "Send the key once: either in x-api-key or as Authorization: Bearer, not in both.",
    );
  }
  return key ?? (acceptBearer ? bearer : null);
}

/** Who a key acts as: steps 1 to 4 of spec §5, with every refusal thrown. */
export type AuthenticateKey = (secret: string, arrival: LimitedArrival) => Promise<KeyActor>;

interface Dependencies {
  readonly verifyApiKey: VerifyApiKey;
  readonly limitActor: LimitActor;
  readonly limitFailingKey: LimitFailingKey;
  /** Throws while no call could be recorded. */
  readonly admit: () => void;
}

export function createAuthenticateKey(dependencies: Dependencies): AuthenticateKey {
  const { verifyApiKey, limitActor, limitFailingKey, admit } = dependencies;
  return async (secret, arrival) => {
    admit();
    const startedAt = performance.now();
    const verification = await ask(verifyApiKey, secret);
    noteCaller(verification, arrival.notes);
    if (verification.kind !== "accepted") throw limitFailingKey(arrival.ip) ?? refusal(verification);
    const { actor, requestsPerMinute } = verification;
    await limitActor({ kind: "key", id: actor.key.id, requestsPerMinute }, arrival, startedAt);
    return actor;
  };
}

/** From here on the call is recorded, whatever becomes of it. */
function noteCaller(verification: Verification, notes: CallNotes): void {
  if (verification.kind === "accepted") {
    const { userId, teamId, key } = verification.actor;
    notes.caller = { userId, teamId, keyId: key.id, sessionId: null };
  } else if (verification.kind === "refused") {
    const { userId, teamId, id: keyId } = verification.key;
    notes.caller = { userId, teamId, keyId, sessionId: null };
    notes.keyRefusal = verification.code;
  }
}

async function ask(verify: VerifyApiKey, secret: string): Promise<Verification> {
  try {
    return await verify(secret);
  } catch (error) {
    throw isUnavailable(error) ? unavailable(error) : error;
  }
}

function refusal(verification: Exclude<Verification, { kind: "accepted" }>): DomainError {
  if (verification.kind === "malformed") return malformed(verification.problem);
  if (verification.kind === "unknown") {
    return new DomainError("key_invalid", "No such key is known here. Check that it belongs to this deployment.");
  }
  const day = verification.at?.toISOString();
  switch (verification.code) {
    case "key_revoked":
      return new DomainError("key_revoked", `This key was revoked at ${day}. It cannot be restored; create a new one.`);
    case "key_expired":
      return new DomainError("key_expired", `This key expired at ${day}. Create a new one.`);
    case "key_owner_inactive":
      return new DomainError(
        "key_owner_inactive",
        "The person who made this key has left the team or is banned. Another admin has to create a new key.",
      );
  }
}

function malformed(problem: SecretProblem): DomainError {
  if (problem.kind === "missing")
    return new DomainError("key_missing", "The header x-api-key is empty. Put the key in it.");
  return new DomainError("key_malformed", describeSecretProblem(problem));
}
