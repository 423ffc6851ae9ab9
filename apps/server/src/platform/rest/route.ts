import { createRoute, z, type RouteConfig } from "@hono/zod-openapi";
import { ERRORS, type ErrorCode } from "@latchkey/types/error-codes";
import { isPlanLimit, limitLinks } from "../limit-links.ts";
import { guard } from "./guard.ts";
import { withCommonHeaders } from "./response-headers.ts";
import type { RouteAccess } from "./route-access.policy.ts";

const problem = z
  .object({
    type: z.url(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    instance: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.array(z.union([z.string(), z.int()])), message: z.string() })).optional(),
    requiredPermission: z.string().optional(),
    scope: z.string().optional(),
    limit: z.int().optional(),
    active: z.int().optional(),
    billingUrl: z.url().optional(),
    supportUrl: z.url().optional(),
  })
  .openapi("Problem", {
    description: "RFC 9457 problem details. `code` is stable; `type` is a page that explains it.",
  });

/** The refusals any route with this access can answer, besides its own. */
function refusalCodes(access: RouteAccess, hasBody: boolean): ErrorCode[] {
  const codes: ErrorCode[] = ["internal", "unavailable"];
  if (hasBody) codes.push("invalid_json", "too_large", "unsupported_media_type");
  if (access.credential === "none") return codes;
  codes.push("permission_missing", "rate_limited");
  if (access.credential !== "key") codes.push("second_factor_required");
  if (access.credential === "session") return [...codes, "unauthenticated", "session_required", "origin_refused"];
  codes.push(
    "key_missing",
    "key_malformed",
    "key_invalid",
    "key_revoked",
    "key_expired",
    "key_owner_inactive",
    "wrong_header",
  );
  return access.isOpenWithoutSubscription ? codes : [...codes, "subscription_inactive"];
}

function problemResponses(codes: readonly ErrorCode[]) {
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, sameStatus]) => [
      status,
      {
        description: sameStatus.map((code) => `${code}: ${ERRORS[code].title}`).join(". "),
        content: {
          "application/problem+json": {
            schema: problem,
            examples: Object.fromEntries(sameStatus.map((code) => [code, { value: exampleOf(code) }])),
          },
        },
      },
    ]),
  );
}

function exampleOf(code: ErrorCode): object {
  const { status, title, mend } = ERRORS[code];
  return {
    type: `http://localhost:3000/docs/errors#${code}`,
    title,
    status,
    detail: mend,
    code,
    instance: "/api/v1/auth/me",
    requestId: "req_00000000000000000000",
    ...(code === "permission_missing" ? { requiredPermission: "billing:read" } : {}),
    ...(code === "rate_limited" ? { limit: 600 } : {}),
    ...(code === "key_limit_reached" ? { scope: "team", limit: 10, active: 10 } : {}),
    ...(isPlanLimit({ code, details: { limit: 1 } })
      ? limitLinks({ publicUrl: "http://localhost:3000", supportUrl: null })
      : {}),
    ...(code === "invalid_input" ? { errors: [{ path: ["name"], message: "Give the key a name." }] } : {}),
  };
}

/** A route with its access: its guard, its credentials and its refusals follow from that, in the code and in the document. */
export function route<const Config extends Omit<RouteConfig, "middleware" | "security">>(
  access: RouteAccess,
  config: Config,
  ownCodes: readonly ErrorCode[] = [],
) {
  const hasBody = config.request?.body !== undefined;
  const problems = problemResponses([...refusalCodes(access, hasBody), ...ownCodes]);
  return createRoute({
    ...config,
    responses: withCommonHeaders(access, { ...problems, ...config.responses }) as Config["responses"],
    middleware: [guard(access)] as const,
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
