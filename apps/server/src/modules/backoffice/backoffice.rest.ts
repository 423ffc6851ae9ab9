import { z } from "@hono/zod-openapi";
import { subscriptionChangeInput } from "@latchkey/types/inputs/backoffice";
import { PLAN_NAMES, SUBSCRIPTION_STATUSES } from "@latchkey/types/plans";
import type { RestApp } from "../../platform/rest/environment.ts";
import { route } from "../../platform/rest/route.ts";
import { activeKeysLimit, effectiveRequestsPerMinute, subscriptionNotice } from "./backoffice-team.ts";
import type { SubscribedTeam } from "./backoffice.service.ts";

const teamJson = z
  .object({
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    plan: z.enum(PLAN_NAMES).nullable(),
    status: z.enum(SUBSCRIPTION_STATUSES),
    requestsPerMinute: z.int().nullable(),
    effectiveRequestsPerMinute: z.int(),
    members: z.int(),
    activeKeys: z.object({ used: z.int(), limit: z.int().nullable() }),
    createdAt: z.iso.datetime(),
    notice: z.string().nullable(),
  })
  .openapi("BackofficeTeam", {
    description:
      "A team as the backoffice sees it. `requestsPerMinute` is the override, null where the plan decides; `notice` says what the subscription means for the team's keys, where that is not what one may expect.",
    example: {
      id: "team_0000000000000000000a",
      name: "Acme Ads",
      slug: "acme-ads",
      plan: "enterprise",
      status: "active",
      requestsPerMinute: 20_000,
      effectiveRequestsPerMinute: 20_000,
      members: 4,
      activeKeys: { used: 12, limit: null },
      createdAt: "2026-11-01T08:30:00.000Z",
      notice: null,
    },
  });

const teamParameter = z.strictObject({ id: z.string().openapi({ description: "Of a team: `team_…`." }) });
const CHANGE = { plan: "enterprise", requestsPerMinute: 20_000 };
const ACCESS = { credential: "session", permission: "backoffice:access" } as const;
const ANSWERS = { 200: { description: "The team.", content: { "application/json": { schema: teamJson } } } };

function toTeamJson({ row, facts }: SubscribedTeam): z.input<typeof teamJson> {
  const { plan, status, requestsPerMinute, members, activeKeys, createdAt } = facts;
  return {
    id: row.id,
    name: row.name,
    slug: row.slug,
    plan,
    status,
    requestsPerMinute,
    effectiveRequestsPerMinute: effectiveRequestsPerMinute(facts),
    members,
    activeKeys: { used: activeKeys, limit: activeKeysLimit(facts) },
    createdAt: createdAt.toISOString(),
    notice: subscriptionNotice(facts),
  };
}

export function registerBackofficeRoutes(app: RestApp): void {
  app.openapi(
    route(
      ACCESS,
      {
        method: "get",
        path: "/backoffice/teams/{id}",
        operationId: "getBackofficeTeam",
        summary: "Read any team's subscription",
        description: "For super admins; 403 for everybody else, whatever the id.",
        tags: ["Backoffice"],
        request: { params: teamParameter },
        responses: ANSWERS,
      },
      ["not_found"],
    ),
    async (context) =>
      context.json(
        toTeamJson(await context.env.services.backoffice.getTeam(context.var.context, context.req.valid("param").id)),
        200,
      ),
  );

  app.openapi(
    route(
      ACCESS,
      {
        method: "patch",
        path: "/backoffice/teams/{id}",
        operationId: "setTeamSubscription",
        summary: "Change any team's subscription",
        description:
          "Any of `plan`, `status` and `requestsPerMinute` (null takes the override away). Keys beyond a smaller plan are kept; it refuses new ones. For super admins; 403 for everybody else, whatever the id.",
        tags: ["Backoffice"],
        request: {
          params: teamParameter,
          body: {
            required: true,
            content: { "application/json": { schema: subscriptionChangeInput, example: CHANGE } },
          },
        },
        responses: ANSWERS,
      },
      ["not_found", "invalid_input"],
    ),
    async (context) => {
      const input = { teamId: context.req.valid("param").id, ...context.req.valid("json") };
      return context.json(
        toTeamJson(await context.env.services.backoffice.setSubscription(context.var.context, input)),
        200,
      );
    },
  );
}
