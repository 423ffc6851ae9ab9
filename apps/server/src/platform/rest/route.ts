import { createRoute, z, type RouteConfig } from "@hono/zod-openapi";
import type { ErrorCode } from "@latchkey/types/error-codes";
import type { HeadersObject } from "./response-headers.ts";
import { guard } from "./guard.ts";
import { problemResponses, refusalCodes } from "./problem-responses.ts";
import { withCommonHeaders } from "./response-headers.ts";
import type { RouteAccess } from "./route-access.policy.ts";

export type { RouteAccess } from "./route-access.policy.ts";

/** A route with its access: its guard, its credentials and its refusals follow from that, in the code and in the document. */
export function route<const Config extends Omit<RouteConfig, "middleware" | "security">>(
  access: RouteAccess,
  config: Config,
  ownCodes: readonly ErrorCode[] = [],
  refusalHeaders: HeadersObject = {},
) {
  const sends = { isWriting: config.method !== "get", hasBody: config.request?.body !== undefined };
  const problems = problemResponses([...refusalCodes(access, sends), ...ownCodes], refusalHeaders);
  return createRoute({
    ...config,
    responses: withCommonHeaders(access, { ...problems, ...config.responses }) as Config["responses"],
    middleware: [guard(access, parametersOf(config.request?.query), `/api/v1${config.path}`)] as const,
    security: SECURITY[access.credential],
    "x-required-permission": access.permission ?? undefined,
  });
}

const SECURITY = {
  none: [],
  key: [{ apiKey: [] }],
  key_or_session: [{ apiKey: [] }, { session: [] }],
  session: [{ session: [] }],
} satisfies Record<RouteAccess["credential"], RouteConfig["security"]>;

function parametersOf(query: unknown): ReadonlySet<string> {
  return new Set(query instanceof z.ZodObject ? Object.keys(query.shape) : []);
}
