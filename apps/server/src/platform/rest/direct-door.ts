import type { IncomingMessage } from "node:http";
import type { Logger } from "pino";
import { meOfKey } from "../../modules/people/me.rest.ts";
import { verifyDirectly } from "../../modules/api-keys/verify.rest.ts";
import type { Config } from "../../config.ts";
import type { Services } from "../../services.ts";
import { createClientAddress } from "../client-address.ts";
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

  const answer = async (key: string, route: DirectRoute, run: Run, arrival: Arrival): Promise<PlainAnswer> => {
    try {
      const actor = await services.authenticateKey(key, arrival);
      const refusal = refusalOf(actor, route.access);
      if (refusal !== null) throw refusal;
      return await run(services, { ...arrival, actor });
    } catch (error) {
      const failure = toDomainError(error, arrival.requestId, logger);
      const occurrence = { publicUrl, supportUrl, path: route.path, requestId: arrival.requestId };
      return route.dressRefusal(problemAnswer(failure, occurrence));
    }
  };

  return (request) => {
    const found = readiness.isStarted ? understood(request) : null;
    if (found === null) return null;
    const { headers, socket } = request;
    const arrival: Arrival = {
      requestId: createId("req"),
      ip: clientAddress(socket.remoteAddress ?? "unknown", found.forwardedFor),
      rateLimit: null,
      userAgent: headers["user-agent"]?.slice(0, 400) ?? null,
    };
    return answer(found.key, found.route, found.run, arrival).then(({ status, headers: own, body }) => ({
      status,
      body,
      headers: {
        ...everyAnswer,
        ...own,
        "x-request-id": arrival.requestId,
        ...(arrival.rateLimit === null ? {} : rateLimitHeaders(arrival.rateLimit)),
      },
    }));
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
