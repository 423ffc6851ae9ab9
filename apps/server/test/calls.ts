import type { AnsweredCall, CallRow } from "../src/modules/activity/call.ts";
import type { Caller } from "../src/platform/call-notes.ts";
import { createId } from "../src/platform/id.ts";

/** A call as a door hands it over. */
export function answeredCall(caller: Partial<Caller> = {}, call: Partial<AnsweredCall> = {}): AnsweredCall {
  return {
    requestId: createId("req"),
    ip: "203.0.113.9",
    method: "GET",
    status: 200,
    startedAt: performance.now(),
    notes: {
      caller: { userId: "user_of_the_test", teamId: null, keyId: null, sessionId: null, ...caller },
      operation: "/api/v1/auth/me",
      code: null,
      requiredPermission: null,
      keyRefusal: null,
      exercised: [],
    },
    ...call,
  };
}

/** A call of a key as it is stored. */
export function callRow(key: { id: string; teamId: string; userId: string }, row: Partial<CallRow> = {}): CallRow {
  return {
    at: Date.now(),
    requestId: createId("req"),
    teamId: key.teamId,
    userId: key.userId,
    keyId: key.id,
    method: "GET",
    operation: "/api/v1/auth/me",
    status: 200,
    code: null,
    requiredPermission: null,
    durationUs: 1_000,
    ip: "203.0.113.9",
    calls: 1,
    ...row,
  };
}
