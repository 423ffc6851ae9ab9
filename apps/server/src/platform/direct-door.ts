import type { Readable } from "node:stream";
import type { Config } from "../config.ts";
import type { CallRecorder } from "../modules/activity/call.ts";
import { blankCallNotes } from "./call-notes.ts";
import { createClientAddress } from "./client-address.ts";
import { unrecorded } from "./domain-error.ts";
import { createId } from "./id.ts";
import type { PlainAnswer } from "./plain-answer.ts";
import { rateLimitHeaders } from "./rate-limit-report.ts";
import type { Readiness } from "./readiness.ts";
import type { Arrival } from "./rest/environment.ts";
import { securityHeaders } from "./security-headers.ts";
import type { ArrivedRequest } from "./wire/plain-request.ts";

/**
 * Answers at once, or says that the request takes the ordinary way (null). Never rejects.
 * @param body what can still be read of it; null: it has none
 */
export type DirectDoor = (
  request: ArrivedRequest,
  address: string,
  body: Readable | null,
) => Promise<PlainAnswer> | null;

/** A request that somebody understands entirely. */
export interface DirectCall {
  /** What is recorded of it, until more is known. */
  readonly operation: string;
  /** Never rejects. */
  answer(arrival: Arrival): Promise<PlainAnswer>;
  refuse(error: unknown, arrival: Arrival): PlainAnswer;
}

/** Null: there is something unusual about it, so the app answers. */
export type Understand = (request: ArrivedRequest, body: Readable | null) => DirectCall | null;

interface Dependencies {
  readonly config: Config;
  readonly recorder: Pick<CallRecorder, "record">;
  readonly readiness: Readiness;
  readonly understand: readonly Understand[];
}

/**
 * The calls that are made all day, without the framework: a Request, a Response and two sets of Headers cost several
 * times what it takes to know a key (decision 0021). What is not understood entirely takes the ordinary way.
 */
export function createDirectDoor({ config, recorder, readiness, understand }: Dependencies): DirectDoor {
  const clientAddress = createClientAddress(config.trustProxy);
  const everyAnswer = { "cache-control": "no-store", ...securityHeaders(config), vary: "origin" };

  const dress = (answer: PlainAnswer, { requestId, rateLimit }: Arrival): PlainAnswer => ({
    ...answer,
    headers: {
      ...everyAnswer,
      ...answer.headers,
      "x-request-id": requestId,
      ...(rateLimit === null ? {} : rateLimitHeaders(rateLimit)),
    },
  });

  const serve = async (
    { method = "", headers }: ArrivedRequest,
    address: string,
    direct: DirectCall,
    startedAt: number,
  ): Promise<PlainAnswer> => {
    const arrival = arrivalOf(headers, address, direct.operation);
    const answered = await direct.answer(arrival);
    const { requestId, ip, notes } = arrival;
    const isRecorded = recorder.record({ requestId, ip, method, status: answered.status, startedAt, notes });
    const isStored = isRecorded === null || (await isRecorded);
    return dress(isStored ? answered : direct.refuse(unrecorded(), arrival), arrival);
  };

  const arrivalOf = (headers: ArrivedRequest["headers"], address: string, operation: string): Arrival => {
    const forwardedFor = headers["x-forwarded-for"];
    const userAgent = headers["user-agent"];
    return {
      requestId: createId("req"),
      ip: clientAddress(address, typeof forwardedFor === "string" ? forwardedFor : null),
      rateLimit: null,
      notes: { ...blankCallNotes(), operation },
      userAgent: typeof userAgent === "string" ? userAgent.slice(0, 400) : null,
    };
  };

  return (request, address, body) => {
    if (!readiness.isStarted) return null;
    const startedAt = performance.now();
    for (const one of understand) {
      const direct = one(request, body);
      if (direct !== null) return serve(request, address, direct, startedAt);
    }
    return null;
  };
}
