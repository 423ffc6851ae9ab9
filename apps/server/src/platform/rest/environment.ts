import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Logger } from "pino";
import type { Config } from "../../config.ts";
import type { Services } from "../../services.ts";
import type { LimitedArrival } from "../rate-limit-report.ts";
import type { NotedContext } from "../request-context.ts";

/** What is known of a request before anybody looked at it. */
export interface Arrival extends LimitedArrival {
  readonly requestId: string;
  readonly userAgent: string | null;
}

/** What stands behind the routes. It comes with each request, so that the routes can be described without it. */
export interface RestDependencies {
  readonly services: Services;
  readonly config: Config;
  readonly logger: Logger;
}

export interface RestEnvironment {
  Bindings: RestDependencies & { readonly arrival: Arrival };
  /** Set by the guard of the route. */
  Variables: { context: NotedContext };
}

export type RestApp = OpenAPIHono<RestEnvironment>;
