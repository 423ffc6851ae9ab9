import type { RouteConfig } from "@hono/zod-openapi";
import type { RouteAccess } from "./route-access.policy.ts";

type Responses = RouteConfig["responses"];

/** Headers of an answer, as the document describes them. */
export type HeadersObject = Readonly<
  Record<
    string,
    { readonly description: string; readonly schema: { readonly type: "string" }; readonly example: string }
  >
>;

const header = (description: string, example: string) => ({
  description,
  schema: { type: "string" as const },
  example,
});
const ALWAYS = { required: true } as const;

/** Described once in the document; every answer that carries one refers to it. */
export const HEADER_COMPONENTS = {
  RequestId: {
    ...header("The id of this request, ours and new each time, for reports.", "req_00000000000000000000"),
    ...ALWAYS,
  },
  RateLimitPolicy: header(
    "How many requests (`q`) this key or session may send in how many seconds (`w`), by the team's plan. Absent where the answer was clear before it was known who asks.",
    '"key";q=600;w=60',
  ),
  RateLimit: header(
    "How many requests may be sent at once now (`r`), and in how many seconds all may again (`t`). Absent as above.",
    '"key";r=599;t=1',
  ),
  RetryAfter: { ...header("After how many seconds the call is worth repeating.", "1"), ...ALWAYS },
  Challenge: {
    ...header("The header that takes a key.", 'ApiKey realm="latchkey", header="x-api-key"'),
    ...ALWAYS,
  },
  Allow: { ...header("The methods that this path has.", "GET, HEAD, POST"), ...ALWAYS },
  NextPage: header(
    'The address of the next page, with `rel="next"`. Absent on the last.',
    '</api/v1/api-keys?cursor=WyJhIl0>; rel="next"',
  ),
} as const;

export const refToHeader = (name: keyof typeof HEADER_COMPONENTS) =>
  ({ $ref: `#/components/headers/${name}` }) as const;

const REPEATABLE = new Set(["429", "503"]);

/** Adds the headers that every answer of a route carries: those of the limit once somebody is known, so not in a 401. */
export function withCommonHeaders(access: RouteAccess, responses: Responses): Responses {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      const own = "headers" in response ? response.headers : {};
      return [status, { ...response, headers: { ...headersOf(access, status), ...own } }];
    }),
  ) as Responses;
}

function headersOf({ credential }: RouteAccess, status: string) {
  const isLimited = credential !== "none" && status !== "401";
  return {
    "X-Request-Id": refToHeader("RequestId"),
    ...(isLimited ? { "RateLimit-Policy": refToHeader("RateLimitPolicy"), RateLimit: refToHeader("RateLimit") } : {}),
    ...(REPEATABLE.has(status) ? { "Retry-After": refToHeader("RetryAfter") } : {}),
    ...(status === "401" ? { "WWW-Authenticate": refToHeader("Challenge") } : {}),
  };
}
