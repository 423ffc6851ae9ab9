import { z } from "@hono/zod-openapi";
import { ROLES } from "@latchkey/types/roles";
import { directRoute } from "../../platform/rest/direct-route.ts";
import type { RestApp } from "../../platform/rest/environment.ts";
import { route, type RouteAccess } from "../../platform/rest/route.ts";
import type { Me } from "./me.service.ts";

const meJson = z
  .object({
    user: z.object({ id: z.string(), name: z.string() }),
    team: z.object({ id: z.string(), name: z.string(), slug: z.string() }).nullable(),
    role: z.enum(ROLES).nullable(),
    key: z
      .object({
        id: z.string(),
        name: z.string(),
        prefix: z.string(),
        effectivePermissions: z.array(z.string()),
        expiresAt: z.iso.datetime().nullable(),
      })
      .nullable(),
  })
  .openapi("Me", {
    description: "Whom the credential acts as. `key` is null for a session.",
    example: {
      user: { id: "user_0000000000000000000a", name: "Olivia Owner" },
      team: { id: "team_0000000000000000000a", name: "Acme Ads", slug: "acme-ads" },
      role: "owner",
      key: {
        id: "key_0000000000000000000a",
        name: "BI dashboard",
        prefix: "lk_4f9A",
        effectivePermissions: ["analytics:read"],
        expiresAt: null,
      },
    },
  });

const ACCESS: RouteAccess = { credential: "key_or_session", permission: null, isOpenWithoutSubscription: true };

function toJson({ user, team, role, key }: Me) {
  return { user, team, role, key: key === null ? null : { ...key, expiresAt: key.expiresAt?.toISOString() ?? null } };
}

/** The same for a key, answered before the framework. */
export const meOfKey = directRoute({
  path: "/api/v1/auth/me",
  access: ACCESS,
  inputOf: (query) => (query === "" ? {} : null),
  answer: async (services, context) => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(toJson(await services.me.describe(context))),
  }),
});

/** The first call of every integration: does my key work, and as whom? */
export function registerMeRoute(app: RestApp): void {
  app.openapi(
    route(ACCESS, {
      method: "get",
      path: "/auth/me",
      operationId: "getMe",
      summary: "Whom the credential acts as",
      description: "Answers every accepted key, whatever its permissions.",
      tags: ["Authentication"],
      responses: {
        200: {
          description: "The person, the team, the role and the key.",
          content: { "application/json": { schema: meJson } },
        },
      },
    }),
    async (context) => context.json(toJson(await context.env.services.me.describe(context.var.context)), 200),
  );
}
