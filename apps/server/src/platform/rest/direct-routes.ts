import type { Logger } from "pino";
import { verifyDirectly } from "../../modules/api-keys/verify.rest.ts";
import { meOfKey } from "../../modules/people/me.rest.ts";
import type { Config } from "../../config.ts";
import type { Services } from "../../services.ts";
import { noteFailure } from "../call-notes.ts";
import type { Understand } from "../direct-door.ts";
import { toDomainError } from "../failure.ts";
import type { DirectRoute } from "./direct-route.ts";
import type { Arrival } from "./environment.ts";
import { problemAnswer } from "./problem.ts";
import { refusalOf } from "./route-access.policy.ts";

const ROUTES = new Map([meOfKey, verifyDirectly].map((route) => [route.path, route]));

/** Another header of these has a meaning of its own: a page of another origin, a second key, a body. */
const UNUSUAL = ["authorization", "origin", "content-length", "transfer-encoding", "expect", "upgrade"] as const;

interface Dependencies {
  readonly config: Config;
  readonly services: Services;
  readonly logger: Logger;
}

/** GET with a key, and nothing else about it. */
export function createDirectRoutes({ config: { publicUrl, supportUrl }, services, logger }: Dependencies): Understand {
  const refusing =
    (route: DirectRoute) =>
    (error: unknown, { requestId, notes }: Arrival) => {
      const failure = toDomainError(error, requestId, logger);
      noteFailure(notes, failure);
      return route.dressRefusal(problemAnswer(failure, { publicUrl, supportUrl, path: route.path, requestId }));
    };

  return ({ method, url = "", headers }) => {
    const key = headers["x-api-key"];
    if (method !== "GET" || typeof key !== "string" || UNUSUAL.some((name) => headers[name] !== undefined)) return null;
    const end = url.indexOf("?");
    const route = ROUTES.get(end === -1 ? url : url.slice(0, end));
    const run = route?.prepare(end === -1 ? "" : url.slice(end)) ?? null;
    if (route === undefined || run === null) return null;
    const refuse = refusing(route);
    return {
      operation: route.path,
      refuse,
      async answer(arrival) {
        try {
          const actor = await services.authenticateKey(key, arrival);
          const refusal = refusalOf(actor, route.access);
          if (refusal !== null) throw refusal;
          arrival.notes.exercised = route.exercised;
          return await run(services, { ...arrival, actor });
        } catch (error) {
          return refuse(error, arrival);
        }
      },
    };
  };
}
