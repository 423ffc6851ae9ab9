import { z } from "@hono/zod-openapi";
import { PLAN_NAMES, PLANS, SUBSCRIPTION_STATUSES } from "@latchkey/types/plans";
import { NotFoundError } from "../../platform/domain-error.ts";
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
    status: z.enum(SUBSCRIPTION_STATUSES),
    isUsable: z.boolean(),
    currentPeriodStart: z.iso.datetime(),
    currentPeriodEnd: z.iso.datetime().nullable(),
    requestsPerMinute: z.int(),
    supportUrl: z.url().nullable(),
  })
  .openapi("Subscription", {
    description:
      "The plan and its state. While `isUsable` is false keys can neither be made nor used. `supportUrl`: where to ask for another plan.",
    example: {
      plan: "growth",
      status: "active",
      isUsable: true,
      currentPeriodStart: "2026-11-01T00:00:00.000Z",
      currentPeriodEnd: null,
      requestsPerMinute: 600,
      supportUrl: "https://example.com/support",
    },
  });
const limitUse = z.object({ used: z.int().nullable(), limit: z.int().nullable() });
const usageJson = z
  .object({
    activeKeys: limitUse,
    ownActiveKeys: limitUse,
    requests: limitUse,
    adAccounts: limitUse,
    monthlyAdSpendUsd: limitUse,
  })
  .openapi("Usage", {
    description:
      "What is used of each limit of the plan. `used` null: not known (ad accounts and spend come from the product around Latchkey). `requests`: calls of the team's keys in the current period, also refused ones. `limit` null: no limit. `ownActiveKeys`: of whoever asks, a key's creator.",
    example: {
      activeKeys: { used: 9, limit: 10 },
      ownActiveKeys: { used: 4, limit: 5 },
      requests: { used: 184_220, limit: null },
      adAccounts: { used: 2, limit: 2 },
      monthlyAdSpendUsd: { used: 8640, limit: 10_000 },
    },
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
        responses: { 200: { description: `${summary}.`, content: { "application/json": { schema } } } },
      },
      ["no_team_selected", "not_found"],
    );

  app.openapi(
    reading("/billing/plans", "listPlans", "Every plan, from small to large", z.object({ data: z.array(planJson) })),
    async (context) => {
      const plans = await context.env.services.billing.plans(context.var.context);
      return context.json({ data: PLAN_NAMES.map((name) => ({ name, ...plans[name] })) }, 200);
    },
  );

  app.openapi(
    reading("/billing/subscription", "getSubscription", "The team's plan and its state", subscriptionJson),
    async (context) => {
      const subscription = await context.env.services.billing.subscription(context.var.context);
      if (subscription === null) throw new NotFoundError("subscription");
      const { currentPeriodStart, currentPeriodEnd, ...facts } = subscription;
      const period = {
        currentPeriodStart: currentPeriodStart.toISOString(),
        currentPeriodEnd: currentPeriodEnd?.toISOString() ?? null,
      };
      return context.json({ ...facts, ...period, supportUrl: context.env.config.supportUrl }, 200);
    },
  );

  app.openapi(reading("/billing/usage", "getUsage", "What the team uses of each limit", usageJson), async (context) => {
    const usage = await context.env.services.billing.usage(context.var.context);
    if (usage === null) throw new NotFoundError("subscription");
    return context.json(usage, 200);
  });
}
