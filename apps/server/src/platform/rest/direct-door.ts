import type { IncomingMessage } from "node:http";
import type { Logger } from "pino";
import { meOfKey } from "../../modules/people/me.rest.ts";
import { verifyDirectly } from "../../modules/api-keys/verify.rest.ts";
import type { Config } from "../../config.ts";
import type { Services } from "../../services.ts";
import { createClientAddress } from "../client-address.ts";
import { blankCallNotes } from "../call-notes.ts";
import { unrecorded } from "../domain-error.ts";
import { toDomainError } from "../failure.ts";
import { createId } from "../id.ts";
import { rateLimitHeaders } from "../rate-limit-report.ts";
import type { Readiness } from "../readiness.ts";
import { securityHeaders } from "../security-headers.ts";
import type { DirectRoute } from "./direct-route.ts";
import type { Arrival } from "./environment.ts";
import { problemAnswer, type PlainAnswer } from "./problem.ts";
import { refusalOf } from "./route-access.policy.ts";

/** Answers at once, or says that the request takes the ordinary way (null). Never rejects. */
export type DirectDoor = (request: IncomingMessage) => Promise<PlainAnswer> | null;

interface Dependencies {
  readonly config: Config;
  readonly services: Services;
  readonly logger: Logger;
  readonly readiness: Readiness;
}

const ROUTES = new Map([meOfKey, verifyDirectly].map((route) => [route.path, route]));

/**
 * The verified call without the framework: a Request, a Response and two sets of Headers cost several times what it
 * takes to know a key. It takes what it understands entirely, and leaves the rest to the router.
 */
export function createDirectDoor({ config, services, logger, readiness }: Dependencies): DirectDoor {
  const clientAddress = createClientAddress(config.trustProxy);
  const { publicUrl, supportUrl } = config;
  const everyAnswer = { "cache-control": "no-store", ...securityHeaders(config), vary: "origin" };

  const refuse = (error: unknown, route: DirectRoute, { requestId, notes }: Arrival): PlainAnswer => {
    const failure = toDomainError(error, requestId, logger);
    notes.code = failure.code;
    return route.dressRefusal(problemAnswer(failure, { publicUrl, supportUrl, path: route.path, requestId }));
  };

  const answer = async (key: string, route: DirectRoute, run: Run, arrival: Arrival): Promise<PlainAnswer> => {
    try {
      const actor = await services.authenticateKey(key, arrival);
      const refusal = refusalOf(actor, route.access);
      if (refusal !== null) throw refusal;
      arrival.notes.exercised = route.exercised;
      return await run(services, { ...arrival, actor });
    } catch (error) {
      return refuse(error, route, arrival);
    }
  };

  const dress = ({ status, headers, body }: PlainAnswer, { requestId, rateLimit }: Arrival): PlainAnswer => ({
    status,
    body,
    headers: {
      ...everyAnswer,
      ...headers,
      "x-request-id": requestId,
      ...(rateLimit === null ? {} : rateLimitHeaders(rateLimit)),
    },
  });

  return (request) => {
    const startedAt = performance.now();
    const found = readiness.isStarted ? understood(request) : null;
    if (found === null) return null;
    const { headers, socket } = request;
    const arrival: Arrival = {
      requestId: createId("req"),
      ip: clientAddress(socket.remoteAddress ?? "unknown", found.forwardedFor),
      rateLimit: null,
      notes: { ...blankCallNotes(), operation: found.route.path },
      userAgent: headers["user-agent"]?.slice(0, 400) ?? null,
    };
    const { requestId, ip, notes } = arrival;
    return answer(found.key, found.route, found.run, arrival).then((answered) => {
      const call = { requestId, ip, method: "GET", status: answered.status, startedAt, notes };
      const isRecorded = services.recorder.record(call);
      if (isRecorded === null) return dress(answered, arrival);
      return isRecorded.then((isStored) =>
        dress(isStored ? answered : refuse(unrecorded(), found.route, arrival), arrival),
      );
    });
  };
}

type Run = NonNullable<ReturnType<DirectRoute["prepare"]>>;

/** Another header of these has a meaning of its own: a page of another origin, a second key, a body. */
const UNUSUAL = ["authorization", "origin", "content-length", "transfer-encoding", "expect", "upgrade"] as const;

function understood(request: IncomingMessage) {
  const { method, url = "", headers } = request;
  const key = headers["x-api-key"];
  if (method !== "GET" || typeof key !== "string" || UNUSUAL.some((name) => headers[name] !== undefined)) return null;
  const end = url.indexOf("?");
  const route = ROUTES.get(end === -1 ? url : url.slice(0, end));
  const run = route?.prepare(end === -1 ? "" : url.slice(end)) ?? null;
  if (route === undefined || run === null) return null;
  const forwardedFor = headers["x-forwarded-for"];
  return { key, route, run, forwardedFor: typeof forwardedFor === "string" ? forwardedFor : null };
}
