import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Config } from "../../config.ts";
import type { Services } from "../../services.ts";
import type { RequestContext } from "../request-context.ts";

/** What is known of a request before anybody looked at it. */
export interface Arrival {
  readonly requestId: string;
  readonly ip: string;
  readonly userAgent: string | null;
}

export interface RestEnvironment {
  Bindings: { readonly arrival: Arrival };
  /** Set by the guard of the route. */
  Variables: { context: RequestContext };
}

export type RestApp = OpenAPIHono<RestEnvironment>;
export type RestContext = Context<RestEnvironment>;

export interface RestDependencies {
  readonly services: Services;
  readonly config: Config;
}
