import { InvalidInputError, NotFoundError } from "../../platform/domain-error.ts";
import { builder } from "../../platform/graphql/builder.ts";
import { TeamType, ViewerType, type Viewer } from "./teams.graphql.ts";

const SelectTeamInput = builder.inputType("SelectTeamInput", {
  description: "Which team to work in from now on.",
  fields: (t) => ({ teamId: t.id({ required: true, description: "A team the viewer may see." }) }),
});

const CreateTeamInput = builder.inputType("CreateTeamInput", {
  description: "A new team.",
  fields: (t) => ({
    name: t.string({ required: true, description: "1 to 64 characters, nothing invisible. Need not be unique." }),
  }),
});

const SelectTeamPayload = builder.objectRef<{ viewer: Viewer }>("SelectTeamPayload").implement({
  description: "The team is selected, for this session and the next sign-in.",
  authScopes: { session: true },
  fields: (t) => ({
    viewer: t.expose("viewer", { type: ViewerType, description: "The viewer in the selected team." }),
  }),
});

const CreateTeamPayload = teamPayload("CreateTeamPayload", "The new team. The viewer owns it, and it is selected.");

/** A team that the viewer has just come into, and what they are there. */
export function teamPayload(name: string, description: string) {
  return builder.objectRef<{ viewer: Viewer & { readonly teamId: string } }>(name).implement({
    description,
    authScopes: { session: true },
    fields: (t) => ({
      team: t.prismaField({
        type: TeamType,
        description: "The team.",
        resolve: async (query, { viewer }, _args, { services, requestContext }) => {
          const asNow = { ...requestContext, actor: viewer.actor };
          const team = await services.teams.findVisible(asNow, viewer.teamId, query);
          if (team === null) throw new NotFoundError("team");
          return team;
        },
      }),
      viewer: t.expose("viewer", { type: ViewerType, description: "The viewer in the team." }),
    }),
  });
}

builder.mutationFields((t) => ({
  selectTeam: t.field({
    type: SelectTeamPayload,
    description: "Selects the team that is meant where no teamId is sent.",
    authScopes: { session: true },
    errors: {
      types: [InvalidInputError, NotFoundError],
      union: { name: "SelectTeamResult", description: "Selected, or why not." },
    },
    args: { input: t.arg({ type: SelectTeamInput, required: true, description: "The team." }) },
    resolve: async (_root, { input }, { services, requestContext }) => {
      const actor = await services.teams.select(requestContext, { ...input });
      return { viewer: { actor, teamId: actor.selectedTeamId } };
    },
  }),
  createTeam: t.field({
    type: CreateTeamPayload,
    description: "Makes a team that the viewer owns, and selects it.",
    authScopes: { session: true },
    errors: {
      types: [InvalidInputError],
      union: { name: "CreateTeamResult", description: "The new team, or why there is none." },
    },
    args: { input: t.arg({ type: CreateTeamInput, required: true, description: "What it is called." }) },
    resolve: async (_root, { input }, { services, requestContext }) => ({
      viewer: await services.teams.createOwn(requestContext, { ...input }),
    }),
  }),
}));
