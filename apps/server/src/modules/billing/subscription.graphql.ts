import type { SubscriptionStatus } from "@latchkey/types/plans";
import { builder } from "../../platform/graphql/builder.ts";
import type { LimitUse, Subscription, Usage } from "./billing.service.ts";
import { PlanType } from "./plans.graphql.ts";

const TEAM_ARGUMENT = { description: "Which team; the selected one unless told." } as const;

export const SubscriptionStatusEnum = builder.enumType("SubscriptionStatus", {
  description: "What has become of a subscription.",
  values: {
    TRIALING: { value: "trialing", description: "On trial: keys can be made and used." },
    ACTIVE: { value: "active", description: "Keys can be made and used." },
    PAST_DUE: { value: "past_due", description: "A payment is late; keys can still be made and used." },
    CANCELED: { value: "canceled", description: "Keys can neither be made nor used." },
  } as const satisfies Record<Uppercase<SubscriptionStatus>, { value: SubscriptionStatus; description: string }>,
});

const SubscriptionType = builder.objectRef<Subscription>("Subscription").implement({
  description: "A team's plan and its state.",
  authScopes: { session: true },
  fields: (t) => ({
    plan: t.field({ type: PlanType, description: "What it allows.", resolve: ({ plan }) => plan }),
    status: t.expose("status", { type: SubscriptionStatusEnum, description: "What has become of it." }),
    isUsable: t.exposeBoolean("isUsable", { description: "Whether keys can be made and used." }),
    currentPeriodStart: t.expose("currentPeriodStart", {
      type: "DateTime",
      description: "When the current period began.",
    }),
    currentPeriodEnd: t.expose("currentPeriodEnd", {
      type: "DateTime",
      nullable: true,
      description: "When the current period ends; null: no end is set.",
    }),
    requestsPerMinute: t.exposeInt("requestsPerMinute", {
      description: "Calls per minute, per key and per session: what was agreed for the team, else what the plan says.",
    }),
    supportUrl: t.string({
      nullable: true,
      description: "Where to ask for another plan: a page or a mailto address; null: nobody has said.",
      resolve: (_subscription, _arguments, { services }) => services.billing.supportUrl,
    }),
  }),
});

const LimitUseType = builder.objectRef<LimitUse>("LimitUse").implement({
  description: "How much of a limit is used.",
  authScopes: { session: true },
  fields: (t) => ({
    used: t.exposeInt("used", { nullable: true, description: "How much; null: not known." }),
    limit: t.exposeInt("limit", { nullable: true, description: "Of how much; null: there is no limit." }),
  }),
});

const UsageType = builder.objectRef<Usage>("Usage").implement({
  description: "What a team uses of each limit of its plan.",
  authScopes: { session: true },
  fields: (t) => ({
    activeKeys: t.expose("activeKeys", { type: LimitUseType, description: "Active keys of the team." }),
    ownActiveKeys: t.expose("ownActiveKeys", {
      type: LimitUseType,
      description: "Active keys that the viewer made in the team.",
    }),
    requests: t.expose("requests", {
      type: LimitUseType,
      description: "Calls of the team's keys in the current period, also refused ones.",
    }),
    adAccounts: t.expose("adAccounts", {
      type: LimitUseType,
      description: "Connected ad accounts, as the product around Latchkey knows them.",
    }),
    monthlyAdSpendUsd: t.expose("monthlyAdSpendUsd", {
      type: LimitUseType,
      description: "Ad spend of this month in US dollars, as the product around Latchkey knows it.",
    }),
  }),
});

builder.queryFields((t) => ({
  subscription: t.field({
    type: SubscriptionType,
    nullable: true,
    authScopes: { session: true },
    description: "The team's plan and its state; null where it has none, which counts as canceled. Needs billing:read.",
    args: { teamId: t.arg.id(TEAM_ARGUMENT) },
    resolve: (_root, { teamId }, { services, requestContext }) => services.billing.subscription(requestContext, teamId),
  }),
  usage: t.field({
    type: UsageType,
    nullable: true,
    authScopes: { session: true },
    description: "What the team uses of each limit of its plan. Needs billing:read.",
    args: { teamId: t.arg.id(TEAM_ARGUMENT) },
    resolve: (_root, { teamId }, { services, requestContext }) => services.billing.usage(requestContext, teamId),
  }),
}));
