import { PLAN_NAMES, PLANS, type PlanName } from "@latchkey/types/plans";
import { builder } from "../../platform/graphql/builder.ts";

export const PlanNameEnum = builder.enumType("PlanName", {
  description: "The plans, from small to large.",
  values: {
    STARTER: { value: "starter", description: "To try it out." },
    GROWTH: { value: "growth", description: "For teams in production." },
    SCALE: { value: "scale", description: "For much traffic." },
    ENTERPRISE: { value: "enterprise", description: "By agreement." },
  } as const satisfies Record<Uppercase<PlanName>, { value: PlanName; description: string }>,
});

export const PlanType = builder.objectRef<PlanName>("Plan").implement({
  description: "What a plan allows. A limit that is null is no limit.",
  authScopes: { public: true },
  fields: (t) => ({
    name: t.field({ type: PlanNameEnum, description: "Which plan.", resolve: (name) => name }),
    activeKeysPerTeam: t.int({
      nullable: true,
      description: "Active keys in a team.",
      resolve: (name) => PLANS[name].activeKeysPerTeam,
    }),
    activeKeysPerCreator: t.int({
      nullable: true,
      description: "Active keys one person may have made in a team.",
      resolve: (name) => PLANS[name].activeKeysPerCreator,
    }),
    requestsPerMinute: t.int({
      description: "Calls per minute, per key and per session.",
      resolve: (name) => PLANS[name].requestsPerMinute,
    }),
    adAccounts: t.int({
      nullable: true,
      description: "Connected ad accounts.",
      resolve: (name) => PLANS[name].adAccounts,
    }),
    monthlyAdSpendUsd: t.int({
      nullable: true,
      description: "Ad spend in a month, in US dollars.",
      resolve: (name) => PLANS[name].monthlyAdSpendUsd,
    }),
  }),
});

builder.queryField("plans", (t) =>
  t.field({
    type: [PlanType],
    authScopes: { public: true },
    description: "Every plan, from small to large.",
    resolve: () => [...PLAN_NAMES],
  }),
);
