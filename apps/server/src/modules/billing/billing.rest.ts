import { z } from "@hono/zod-openapi";
import { PLAN_NAMES, PLANS } from "@latchkey/types/plans";
import type { RestApp } from "../../platform/rest/environment.ts";
import { route } from "../../platform/rest/route.ts";

const planName = z.enum(PLAN_NAMES);
const planJson = z
  .object({
    name: planName,
    activeKeysPerTeam: z.int().nullable(),
    activeKeysPerCreator: z.int().nullable(),
    requestsPerMinute: z.int(),
    adAccounts: z.int().nullable(),
    monthlyAdSpendUsd: z.int().nullable(),
  })
  .openapi("Plan", {
    description: "What a plan allows; null is no limit.",
    example: { name: "starter", ...PLANS.starter },
  });
const subscriptionJson = z
  .object({
    plan: planName,
    status: z.string(),
    currentPeriodStart: z.iso.datetime(),
    currentPeriodEnd: z.iso.datetime().nullable(),
    requestsPerMinute: z.int(),
  })
  .openapi("Subscription", {
    example: {
      plan: "growth",
      status: "active",
      currentPeriodStart: "2026-11-01T00:00:00.000Z",
      currentPeriodEnd: null,
      requestsPerMinute: 600,
    },
  });
const usageJson = z.object({ activeKeys: z.object({ used: z.int(), limit: z.int().nullable() }) }).openapi("Usage", {
  description: "What is used of each limit that is counted.",
  example: { activeKeys: { used: 9, limit: 10 } },
});

const READ = { credential: "key_or_session", permission: "billing:read", isOpenWithoutSubscription: true } as const;

export function registerBillingRoutes(app: RestApp): void {
  const reading = <Schema extends z.ZodType>(path: string, operationId: string, summary: string, schema: Schema) =>
    route(
      READ,
      {
        method: "get",
        path,
        operationId,
        summary,
        tags: ["Billing"],
        responses: { 200: { description: summary, content: { "application/json": { schema } } } },
      },
      ["no_team_selected"],
    );

  app.openapi(
    reading("/billing/plans", "listPlans", "Every plan, from small to large.", z.object({ data: z.array(planJson) })),
    async (context) => {
      const plans = await context.env.services.billing.plans(context.var.context);
      return context.json({ data: PLAN_NAMES.map((name) => ({ name, ...plans[name] })) }, 200);
    },
  );

  app.openapi(
    reading("/billing/subscription", "getSubscription", "The team's plan and its state.", subscriptionJson),
    async (context) => {
      const { currentPeriodStart, currentPeriodEnd, ...subscription } = await context.env.services.billing.subscription(
        context.var.context,
      );
      const period = {
        currentPeriodStart: currentPeriodStart.toISOString(),
        currentPeriodEnd: currentPeriodEnd?.toISOString() ?? null,
      };
      return context.json({ ...subscription, ...period }, 200);
    },
  );

  app.openapi(reading("/billing/usage", "getUsage", "What the team uses of each limit.", usageJson), async (context) =>
    context.json(await context.env.services.billing.usage(context.var.context), 200),
  );
}
