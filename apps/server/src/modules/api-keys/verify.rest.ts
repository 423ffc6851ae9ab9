import { z } from "@hono/zod-openapi";
import type { KeyActor } from "@latchkey/types/actor";
import { neededPermission } from "@latchkey/types/inputs/verify-api-key";
import { isPermission, type Permission } from "@latchkey/types/permissions";
import type { MiddlewareHandler } from "hono";
import type { PlainAnswer } from "../../platform/plain-answer.ts";
import { directRoute } from "../../platform/rest/direct-route.ts";
import type { RestApp } from "../../platform/rest/environment.ts";
import { listParameter } from "../../platform/rest/query-parameters.ts";
import { route, type RouteAccess } from "../../platform/rest/route.ts";

const verifyQuery = z.strictObject({
  permission: listParameter(neededPermission)
    .optional()
    .openapi({ description: "What the guarded call needs; repeat it for several, all of which are needed then." }),
});

const header = (description: string, example: string) => ({
  description,
  schema: { type: "string" as const },
  example,
});

const PASS_HEADERS = {
  "x-latchkey-user": header("Whom the key acts as: its creator.", "user_0000000000000000000a"),
  "x-latchkey-team": header("The team it acts in.", "team_0000000000000000000a"),
  "x-latchkey-key": header("The id of the key, never its secret.", "key_0000000000000000000a"),
  "x-latchkey-permissions": header(
    "All that the key may do today, with spaces between.",
    "analytics:read campaigns:launch",
  ),
  "x-latchkey-plan": header("The team's plan, for the limits that the guarded service enforces.", "growth"),
};

const ACCESS: RouteAccess = { credential: "key", permission: null };

function passHeaders({ userId, teamId, key, permissions, plan }: KeyActor): Record<keyof typeof PASS_HEADERS, string> {
  return {
    "x-latchkey-user": userId,
    "x-latchkey-team": teamId,
    "x-latchkey-key": key.id,
    "x-latchkey-permissions": permissions.join(" "),
    "x-latchkey-plan": plan,
  };
}

/** The same, answered before the framework: gateways ask for every call that they pass on. */
export const verifyDirectly = directRoute({
  path: "/api/v1/verify",
  access: ACCESS,
  inputOf: permissionsOf,
  answer: async (services, context, needed) => ({
    status: 204,
    headers: passHeaders(services.guardedCalls.admit(context, needed)),
    body: null,
  }),
  dressRefusal: withProblemHeader,
});

const MANY_PERMISSIONS = /^(\?permission=[a-z_:]+(&permission=[a-z_:]+)*)?$/;

/** Of a query as nearly everyone sends it. */
function permissionsOf(query: string): readonly Permission[] | null {
  if (!MANY_PERMISSIONS.test(query)) return null;
  const names =
    query === ""
      ? []
      : query
          .slice(1)
          .split("&")
          .map((pair) => pair.slice("permission=".length));
  return names.every(isPermission) ? names : null;
}

/** For gateways and services that put their own routes behind Latchkey's keys: docs/gateways.md. */
export function registerVerifyRoute(app: RestApp): void {
  app.use("/verify", tellProblemInHeader);
  app.openapi(
    route(
      ACCESS,
      {
        method: "get",
        path: "/verify",
        operationId: "verifyKey",
        summary: "Whether a key may do something, and whom it acts as",
        description:
          "For gateways (nginx `auth_request`, Traefik `forwardAuth`, Caddy `forward_auth`) and services that put their own routes behind Latchkey's keys. Each call takes one from the key's rate limit. Without `permission` every key passes that has a permission left. A refusal carries its problem in `x-latchkey-problem` too, as ASCII, for gateways that cannot pass on a body.",
        tags: ["Authentication"],
        request: { query: verifyQuery },
        responses: { 204: { description: "It may. The headers say whom it acts as.", headers: PASS_HEADERS } },
      },
      [],
      {
        "x-latchkey-problem": header(
          "The problem of the body. Absent where it is for who wrote the gateway's settings.",
          '{"status":401,"code":"key_revoked","detail":"…"}',
        ),
      },
    ),
    (context) => {
      const { permission: needed = [] } = context.req.valid("query");
      const actor = context.env.services.guardedCalls.admit(context.var.context, needed);
      for (const [name, value] of Object.entries(passHeaders(actor))) context.header(name, value);
      return context.body(null, 204);
    },
  );
}

/** What is meant for the caller of the guarded service. Other refusals (422) are for who wrote the gateway's settings. */
const FOR_THE_CALLER: ReadonlySet<number> = new Set([401, 402, 403, 429, 503]);

/** nginx's auth_request throws the body of a refusal away, and keeps its headers. */
const tellProblemInHeader: MiddlewareHandler = async (context, next) => {
  await next();
  const { res } = context;
  if (!FOR_THE_CALLER.has(res.status)) return;
  // Read first: the server's Response keeps other headers from then on.
  const problem = await res.clone().text();
  res.headers.set("x-latchkey-problem", inAscii(problem));
};

function withProblemHeader(refusal: PlainAnswer): PlainAnswer {
  if (!FOR_THE_CALLER.has(refusal.status) || refusal.body === null) return refusal;
  return { ...refusal, headers: { ...refusal.headers, "x-latchkey-problem": inAscii(refusal.body) } };
}

/** The same JSON, fit for a header. */
function inAscii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
