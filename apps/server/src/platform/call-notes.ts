import type { ErrorCode, ErrorDetails } from "@latchkey/types/error-codes";
import type { Permission } from "@latchkey/types/permissions";

/** Whom a call turned out to come from. Known once the whole secret of a key has matched, or a session was found. */
export interface Caller {
  /** Of a key, its maker. */
  readonly userId: string;
  readonly teamId: string | null;
  readonly keyId: string | null;
  /** Null for a key. */
  readonly sessionId: string | null;
}

/** What is found out about a call on its way through the doors, for the record of it. */
export interface CallNotes {
  caller: Caller | null;
  /** The template of the route, or the name or the root fields of a GraphQL operation. */
  operation: string | null;
  /** Of the error that is answered. */
  code: string | null;
  /** Where it is a missing permission: which one. */
  requiredPermission: string | null;
  /** Why a known key may not be used at all (step 3 of spec §5), whatever the answer calls it. */
  keyRefusal: string | null;
  /** What of the caller's permissions the call made use of: those it needed, once it was let through. */
  exercised: readonly Permission[];
}

const NOTHING: readonly Permission[] = [];

export function blankCallNotes(): CallNotes {
  return { caller: null, operation: null, code: null, requiredPermission: null, keyRefusal: null, exercised: NOTHING };
}

/** What an error says of itself, in the record of its call. */
export function noteFailure(notes: CallNotes, failure: { code: ErrorCode; details: ErrorDetails }): void {
  notes.code = failure.code;
  notes.requiredPermission = failure.details.requiredPermission ?? null;
}
