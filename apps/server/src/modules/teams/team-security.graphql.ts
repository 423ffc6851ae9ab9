import { InvalidInputError, NotFoundError, PermissionMissingError } from "../../platform/domain-error.ts";
import { builder } from "../../platform/graphql/builder.ts";
import { PersonType } from "../people/people.graphql.ts";
import type { TeamSecurity } from "./team-security.service.ts";

const TeamSecurityType = builder.objectRef<TeamSecurity>("TeamSecurity").implement({
  description: "How the people of a team have to sign in.",
  authScopes: { session: true },
  fields: (t) => ({
    requiresSecondFactor: t.exposeBoolean("requiresSecondFactor", {
      description: "Whether owners and admins need a second factor. Their keys keep working without one.",
    }),
    withoutSecondFactor: t.field({
      type: [PersonType],
      description: "The owners and admins who have none, by name: what is required keeps them out.",
      resolve: (security, _args, { services }) => services.teamSecurity.listWithoutSecondFactor(security),
    }),
    viewerMayChange: t.exposeBoolean("viewerMayChange", { description: "Whether the viewer decides it: owners do." }),
    viewerHasSecondFactor: t.exposeBoolean("viewerHasSecondFactor", {
      description: "Whether the viewer has one; nobody can require it without.",
    }),
  }),
});

builder.queryField("teamSecurity", (t) =>
  t.field({
    type: TeamSecurityType,
    nullable: true,
    authScopes: { session: true },
    description: "How the people of a team have to sign in. Needs members:read.",
    args: { teamId: t.arg.id({ description: "Of which team; the selected one unless told." }) },
    resolve: (_root, { teamId }, { services, requestContext }) => services.teamSecurity.get(requestContext, teamId),
  }),
);

const SetTeamSecondFactorInput = builder.inputType("SetTeamSecondFactorInput", {
  description: "Whether a team requires a second factor.",
  fields: (t) => ({
    teamId: t.id({ description: "Which team; the selected one unless told." }),
    isRequired: t.boolean({ required: true, description: "Of its owners and admins." }),
  }),
});

const SetTeamSecondFactorPayload = builder
  .objectRef<{ readonly teamSecurity: TeamSecurity }>("SetTeamSecondFactorPayload")
  .implement({
    description: "What the team requires now.",
    authScopes: { session: true },
    fields: (t) => ({
      teamSecurity: t.expose("teamSecurity", { type: TeamSecurityType, description: "As it is now." }),
    }),
  });

builder.mutationField("setTeamSecondFactor", (t) =>
  t.field({
    type: SetTeamSecondFactorPayload,
    description:
      "Requires a second factor of the team's owners and admins, or no longer. Only owners, and only with one of their own: else second_factor_required.",
    authScopes: { session: true },
    errors: {
      types: [InvalidInputError, PermissionMissingError, NotFoundError],
      union: { name: "SetTeamSecondFactorResult", description: "What the team requires now, or why nothing changed." },
    },
    args: { input: t.arg({ type: SetTeamSecondFactorInput, required: true, description: "The team, and whether." }) },
    resolve: async (_root, { input }, { services, requestContext }) => ({
      teamSecurity: await services.teamSecurity.setSecondFactor(requestContext, { ...input }),
    }),
  }),
);
