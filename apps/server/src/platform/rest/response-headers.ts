import type { RouteConfig } from "@hono/zod-openapi";
import type { RouteAccess } from "./route-access.policy.ts";

type Responses = RouteConfig["responses"];

const header = (description: string, example: string) => ({ description, schema: { type: "string" as const }, example });

const RATE_LIMIT = {
  "RateLimit-Policy": header(
    "How many requests (`q`) this key or session may send in how many seconds (`w`), by the team's plan.",
    '"key";q=600;w=60',
  ),
  RateLimit: header(
    "How many requests may be sent at once now (`r`), and in how many seconds all may again (`t`).",
    '"key";r=599;t=1',
  ),
};

const RETRY_AFTER = { "Retry-After": header("After how many seconds the call is worth repeating.", "1") };
const REPEATABLE = new Set(["429", "503"]);

/** Adds the headers that every answer of a route carries: those of the limit once somebody is known, so not in a 401. */
export function withCommonHeaders(access: RouteAccess, responses: Responses): Responses {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      const isLimited = access.credential !== "none" && status !== "401";
      const headers = { ...(isLimited ? RATE_LIMIT : {}), ...(REPEATABLE.has(status) ? RETRY_AFTER : {}) };
      const own = "headers" in response ? response.headers : {};
      return [status, { ...response, headers: { ...headers, ...own } }];
    }),
  ) as Responses;
}
