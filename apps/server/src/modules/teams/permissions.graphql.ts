import type { TeamAccess } from "@latchkey/types/actor";
import { domainOf, notGrantableReason, PERMISSIONS, type Permission } from "@latchkey/types/permissions";
import { builder } from "../../platform/graphql/builder.ts";
import { RoleEnum } from "./teams.graphql.ts";

interface CatalogueEntry {
  readonly definition: (typeof PERMISSIONS)[number];
  readonly held: readonly Permission[];
}

const PermissionType = builder.objectRef<CatalogueEntry>("Permission").implement({
  description: "An entry of the permission catalogue, as the viewer stands to it in a team.",
  authScopes: { session: true },
  fields: (t) => ({
    name: t.string({ description: "domain:action, as keys carry it.", resolve: ({ definition }) => definition.name }),
    title: t.string({ description: "A short name for people.", resolve: ({ definition }) => definition.title }),
    description: t.string({ description: "What it allows.", resolve: ({ definition }) => definition.description }),
    domain: t.string({ description: "What it is about.", resolve: ({ definition }) => domainOf(definition.name) }),
    roles: t.field({
      type: [RoleEnum],
      description: "The team roles that hold it.",
      resolve: ({ definition }) => [...definition.roles],
    }),
    keyMayHold: t.boolean({
      description: "Whether any key may hold it.",
      resolve: ({ definition }) => definition.keyMayHold,
    }),
    grantable: t.boolean({
      description: "Whether the viewer may give it to a new key.",
      resolve: ({ definition, held }) => notGrantableReason(definition.name, held) === null,
    }),
    notGrantableReason: t.string({
      nullable: true,
      description: "Why not, where they may not.",
      resolve: ({ definition, held }) => notGrantableReason(definition.name, held),
    }),
  }),
});

builder.queryField("permissions", (t) =>
  t.field({
    type: [PermissionType],
    authScopes: { session: true },
    description: "The permission catalogue, in its order.",
    args: { teamId: t.arg.id({ description: "In which team; the selected one unless told." }) },
    resolve: async (_root, { teamId }, { services, requestContext }) => {
      const access: TeamAccess = await services.teams.requireTeam(requestContext, teamId);
      return PERMISSIONS.map((definition) => ({ definition, held: access.permissions }));
    },
  }),
);
