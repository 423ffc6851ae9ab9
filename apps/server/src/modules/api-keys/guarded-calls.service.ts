import type { KeyActor } from "@latchkey/types/actor";
import type { ErrorCode, ErrorDetails } from "@latchkey/types/error-codes";
import type { VerifyApiKeyInput } from "@latchkey/types/inputs/verify-api-key";
import type { Permission } from "@latchkey/types/permissions";
import { blankCallNotes, noteFailure } from "../../platform/call-notes.ts";
import { DomainError, unrecorded } from "../../platform/domain-error.ts";
import { retryAfterOf } from "../../platform/failure.ts";
import { createId } from "../../platform/id.ts";
import type { CallRecorder } from "../activity/call.ts";
import type { LimitedArrival } from "../../platform/rate-limit-report.ts";
import type { NotedContext } from "../../platform/request-context.ts";
import { refusalOfGuardedCall } from "./guarded-calls.policy.ts";

/** What becomes of a key that code beside the server handed over. An outage is neither, and thrown. */
export type KeyVerdict =
  | { readonly valid: true; readonly key: KeyActor; readonly error: null }
  | { readonly valid: false; readonly key: null; readonly error: KeyRefusal };

interface KeyRefusal extends ErrorDetails {
  readonly code: ErrorCode;
  /** What REST answers. */
  readonly status: number;
  readonly message: string;
  /** Of a limit: when to come back. */
  readonly retryAfterSeconds: number | null;
}

interface Dependencies {
  /** Steps 1 to 4 of the order of verification (spec §5). */
  readonly authenticateKey: (secret: string, arrival: LimitedArrival) => Promise<KeyActor>;
  readonly record: CallRecorder["record"];
}

export type GuardedCallsService = ReturnType<typeof createGuardedCallsService>;

/** Calls of other services, which are behind Latchkey's keys. */
export function createGuardedCallsService({ authenticateKey, record }: Dependencies) {
  return {
    /**
     * Whom the key of this request acts as.
     * @throws DomainError unless it may do all that is needed
     */
    admit({ actor, notes }: NotedContext, needed: readonly Permission[]): KeyActor {
      if (actor.kind !== "key") throw new DomainError("key_missing", "Send a key in the header x-api-key.");
      const refusal = refusalOfGuardedCall(actor, needed);
      if (refusal !== null) throw refusal;
      notes.exercised = needed;
      return actor;
    },

    /** All of spec §5 for a key that did not come in a header, as a value. */
    async verify({ key, permissions = [], ip }: VerifyApiKeyInput): Promise<KeyVerdict> {
      const startedAt = performance.now();
      const notes = { ...blankCallNotes(), operation: CALL_BY_CODE };
      const verdict = await judge(key, permissions, { ip, rateLimit: null, notes });
      if (verdict.error !== null) noteFailure(notes, { code: verdict.error.code, details: verdict.error });
      if (verdict.valid) notes.exercised = permissions;
      const status = verdict.error?.status ?? 200;
      const call = { requestId: createId("req"), ip, method: "CALL", status, startedAt, notes };
      if ((await record(call)) === false) throw unrecorded();
      return verdict;
    },
  };

  async function judge(key: string, needed: readonly Permission[], arrival: LimitedArrival): Promise<KeyVerdict> {
    try {
      const actor = await authenticateKey(key, arrival);
      const refusal = refusalOfGuardedCall(actor, needed);
      return refusal === null ? { valid: true, key: actor, error: null } : refused(refusal);
    } catch (error) {
      if (error instanceof DomainError && error.status < 500) return refused(error);
      throw error;
    }
  }
}

/** As the operation of such a call is recorded. */
const CALL_BY_CODE = "auth.api.verifyApiKey";

function refused(refusal: DomainError): KeyVerdict {
  const { code, status, message, details } = refusal;
  const error = { ...details, code, status, message, retryAfterSeconds: retryAfterOf(refusal) };
  return { valid: false, key: null, error };
}
