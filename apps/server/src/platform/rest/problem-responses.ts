import { z } from "@hono/zod-openapi";
import { ERRORS, type ErrorCode } from "@latchkey/types/error-codes";
import { isPlanLimit, limitLinks } from "../limit-links.ts";
import { DOCUMENTED_ADDRESS } from "./documented-address.ts";
import type { HeadersObject } from "./response-headers.ts";
import type { RouteAccess } from "./route-access.policy.ts";

export const problemSchema = z
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

const KEY_REFUSALS = [
  "key_missing",
  "key_malformed",
  "key_invalid",
  "key_revoked",
  "key_expired",
  "key_owner_inactive",
  "wrong_header",
] as const;

/** The refusals any route with this access can answer, besides its own. */
export function refusalCodes(
  access: RouteAccess,
  { isWriting, hasBody }: { isWriting: boolean; hasBody: boolean },
): ErrorCode[] {
  const codes: ErrorCode[] = ["invalid_input", "origin_refused", "internal", "unavailable"];
  if (isWriting) codes.push("too_large", "unsupported_media_type");
  if (hasBody) codes.push("invalid_json");
  if (access.credential === "none") return codes;
  codes.push(...KEY_REFUSALS, "rate_limited", "permission_missing");
  if (access.credential !== "key") codes.push("second_factor_required");
  if (access.credential === "session") return [...codes, "unauthenticated", "session_required"];
  return access.isOpenWithoutSubscription ? codes : [...codes, "subscription_inactive"];
}

export function problemResponses(codes: readonly ErrorCode[], headers: HeadersObject) {
  const byStatus = Map.groupBy(new Set(codes), (code) => ERRORS[code].status);
  const answers = [...byStatus].map(([status, same]) => [status, { ...problemResponse(same), headers }] as const);
  return Object.fromEntries(answers);
}

/** One answer of the document, for errors of the same status. */
export function problemResponse(codes: readonly ErrorCode[]) {
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join(" "),
    content: {
      "application/problem+json": {
        schema: problemSchema,
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

/** What the document shows of each error. */
export function problemExample(code: ErrorCode): object {
  const { status, title, mend } = ERRORS[code];
  return {
    type: `${DOCUMENTED_ADDRESS}/docs/errors#${code}`,
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
      ? limitLinks({ publicUrl: DOCUMENTED_ADDRESS, supportUrl: null })
      : {}),
    ...(code === "invalid_input" ? { errors: [{ path: ["name"], message: "Give the key a name." }] } : {}),
  };
}
