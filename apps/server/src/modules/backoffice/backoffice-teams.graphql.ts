import { DEFAULT_PAGE_SIZE } from "@latchkey/types/inputs/api-key-list";
import { InvalidInputError, NotFoundError, PermissionMissingError } from "../../platform/domain-error.ts";
import { builder } from "../../platform/graphql/builder.ts";
import { toConnection } from "../../platform/graphql/connection.ts";
import { PlanNameEnum } from "../billing/plans.graphql.ts";
import { SubscriptionStatusEnum } from "../billing/subscription.graphql.ts";
import { TeamType } from "../teams/teams.graphql.ts";
import {
  activeKeysLimit,
  effectiveRequestsPerMinute,
  subscriptionNotice,
  type BackofficeTeam,
} from "./backoffice-team.ts";
import type { SubscribedTeam } from "./backoffice.service.ts";

const BackofficeTeamType = builder.objectRef<BackofficeTeam>("BackofficeTeam").implement({
  description: "What the backoffice sees of a team.",
  authScopes: { session: true },
  fields: (t) => ({
    plan: t.expose("plan", {
      type: PlanNameEnum,
      nullable: true,
      description: "The plan; null where there is no subscription.",
    }),
    status: t.expose("status", {
      type: SubscriptionStatusEnum,
      description: "What has become of the subscription; none counts as canceled.",
    }),
    requestsPerMinute: t.exposeInt("requestsPerMinute", {
      nullable: true,
      description: "The override that the backoffice set; null: what the plan says.",
    }),
    effectiveRequestsPerMinute: t.int({
      description: "Calls per minute, per key and per session: the override, else what the plan says.",
      resolve: effectiveRequestsPerMinute,
    }),
    members: t.exposeInt("members", { description: "How many people are in it." }),
    activeKeys: t.exposeInt("activeKeys", { description: "Keys that are neither revoked nor expired." }),
    activeKeysLimit: t.int({
      nullable: true,
      description: "How many the plan allows; null: as many as they like. A downgrade keeps those beyond it.",
      resolve: activeKeysLimit,
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was made." }),
  }),
});

builder.prismaObjectField(TeamType, "backoffice", (t) =>
  t.field({
    type: BackofficeTeamType,
    nullable: true,
    description: "The team as the backoffice sees it. Needs backoffice:access.",
    resolve: (team, _args, { loaders }) => loaders.backofficeTeams.load(team.id),
  }),
);

const TeamConnectionType = builder.connectionObject(
  {
    type: TeamType,
    name: "TeamConnection",
    description: "A page of the platform's teams.",
    authScopes: { session: true },
  },
  { name: "TeamEdge", description: "A team in a list, with its place.", authScopes: { session: true } },
);

builder.queryField("teams", (t) =>
  t.field({
    type: TeamConnectionType,
    nullable: true,
    authScopes: { session: true },
    description: "Every team of the platform, by name. Needs backoffice:access.",
    args: {
      search: t.arg.string({
        description: "Beginnings of words of the name or slug, an id, or (with an @) a member's e-mail address.",
      }),
      first: t.arg.int({ defaultValue: DEFAULT_PAGE_SIZE, description: "How many, 1 to 100." }),
      after: t.arg.string({ description: "The endCursor of the page before, under the same search." }),
    },
    resolve: async (_root, args, { services, requestContext }) => {
      const { rows, hasMore } = await services.backoffice.listTeams(requestContext, { ...args });
      const edges = rows.map(({ row, cursor }) => ({ node: row, cursor }));
      return toConnection(edges, hasMore, args.after);
    },
  }),
);

const SetTeamSubscriptionInput = builder.inputType("SetTeamSubscriptionInput", {
  description: "What to change of a team's subscription; what is left out stays.",
  fields: (t) => ({
    teamId: t.id({ required: true, description: "Which team." }),
    plan: t.field({ type: PlanNameEnum, description: "Another plan." }),
    status: t.field({ type: SubscriptionStatusEnum, description: "What has become of it." }),
    requestsPerMinute: t.int({
      description: "Calls per minute in place of what the plan says, 1 to 1,000,000; null takes the override away.",
    }),
  }),
});

const SetTeamSubscriptionPayload = builder.objectRef<SubscribedTeam>("SetTeamSubscriptionPayload").implement({
  description: "The subscription is so from now on, for every key and session.",
  authScopes: { session: true },
  fields: (t) => ({
    team: t.field({ type: TeamType, description: "The team.", resolve: ({ row }) => row }),
    notice: t.string({
      nullable: true,
      description: "What it means for the team's keys, where that is not what one may expect.",
      resolve: ({ facts }) => subscriptionNotice(facts),
    }),
  }),
});

builder.mutationField("setTeamSubscription", (t) =>
  t.field({
    type: SetTeamSubscriptionPayload,
    description:
      "Changes a team's plan, status or rate limit. Keys beyond a smaller plan are kept. Needs backoffice:access.",
    authScopes: { session: true },
    errors: {
      types: [InvalidInputError, PermissionMissingError, NotFoundError],
      union: { name: "SetTeamSubscriptionResult", description: "Changed, or why not." },
    },
    args: { input: t.arg({ type: SetTeamSubscriptionInput, required: true, description: "Which team, and what." }) },
    resolve: (_root, { input }, { services, requestContext }) =>
      services.backoffice.setSubscription(requestContext, { ...input }),
  }),
);
