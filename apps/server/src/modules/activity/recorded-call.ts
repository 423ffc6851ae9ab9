import type { Person } from "../people/person.ts";
import type { StoredCall } from "./activity-reading.repository.ts";

/** The key of a call, under the name it has today. */
export interface CallKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
}

/** A call as every door shows it. */
export interface RecordedCall {
  readonly requestId: string;
  readonly at: Date;
  /** Null: a session. */
  readonly apiKey: CallKey | null;
  /** Who called; of a key, who made it. */
  readonly actor: Person | null;
  readonly method: string;
  readonly operation: string;
  readonly status: number;
  readonly code: string | null;
  readonly requiredPermission: string | null;
  readonly durationMilliseconds: number;
  readonly ip: string;
  readonly calls: number;
}

/** Whom and what the calls of a page name. */
export interface CallNames {
  readonly keys: ReadonlyMap<string, CallKey>;
  readonly people: ReadonlyMap<string, Person>;
}

export function toRecordedCall(call: StoredCall, { keys, people }: CallNames): RecordedCall {
  const { keyId, userId, durationUs, requestId, at, method, operation, status, code, requiredPermission, ip, calls } =
    call;
  return {
    requestId,
    at,
    apiKey: keyId === null ? null : (keys.get(keyId) ?? { id: keyId, name: keyId, prefix: "" }),
    actor: people.get(userId) ?? null,
    method,
    operation,
    status,
    code,
    requiredPermission,
    durationMilliseconds: durationUs / 1_000,
    ip,
    calls,
  };
}

const REQUEST_ID = /^req_[0-9A-Za-z]{20}$/;

/** Whether text can be a request's id: what cannot names nothing, and is not worth asking the database for. */
export function isRequestId(text: string): boolean {
  return REQUEST_ID.test(text);
}
