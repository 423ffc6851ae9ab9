import { accessTo, needsSecondFactor, roleIn, type SessionActor } from "@latchkey/types/actor";
import type { Role } from "@latchkey/types/roles";
import { builder } from "../../platform/graphql/builder.ts";
import { PersonType } from "../people/people.graphql.ts";

export const RoleEnum = builder.enumType("Role", {
  description: "What somebody is in a team. SUPER_ADMIN is a role of the platform, shown in any team.",
  values: {
    SUPER_ADMIN: { value: "super_admin", description: "Administers every team of the platform." },
    OWNER: { value: "owner", description: "Everything in the team, and alone makes owners." },
    ADMIN: { value: "admin", description: "Everything in the team but making owners." },
    MANAGER: { value: "manager", description: "Runs campaigns and exports reports." },
    VIEWER: { value: "viewer", description: "Reads." },
  } as const satisfies Record<Uppercase<Role>, { value: Role; description: string }>,
});

export const TeamType = builder.prismaObject("Team", {
  description: "A tenant. Everything but people belongs to exactly one team.",
  authScopes: { session: true },
  fields: (t) => ({
    id: t.exposeID("id", { description: "Opaque id." }),
    name: t.exposeString("name", { description: "The name its members gave it." }),
    slug: t.exposeString("slug", { description: "Stands for the team in links." }),
  }),
});

/** The signed-in person as one team sees them; `teamId` null: as no team does. */
export interface Viewer {
  readonly actor: SessionActor;
  readonly teamId: string | null;
}

export const ViewerType = builder.objectRef<Viewer>("Viewer").implement({
  description: "The signed-in person, and what they are in one team.",
  authScopes: { session: true },
  fields: (t) => ({
    user: t.field({
      type: PersonType,
      description: "Oneself.",
      resolve: async ({ actor, teamId }, _args, { services }) => {
        const person = await services.people.find(actor.userId);
        if (person === null) throw new Error("A session without its person.");
        return { ...person, teamId, isMember: actor.memberships.some((membership) => membership.teamId === teamId) };
      },
    }),
    team: t.prismaField({
      type: TeamType,
      nullable: true,
      description: "The team asked for, else the selected one; null without any, or when it may not be seen.",
      resolve: (query, { actor, teamId }, _args, { services, requestContext }) =>
        teamId === null ? null : services.teams.findVisible({ ...requestContext, actor }, teamId, query),
    }),
    teams: t.prismaField({
      type: [TeamType],
      description: "Every team the viewer is a member of, by name.",
      resolve: (query, { actor }, _args, { services }) => services.teams.listOwn(actor, query),
    }),
    role: t.field({
      type: RoleEnum,
      nullable: true,
      description: "The viewer's role in that team.",
      resolve: ({ actor, teamId }) => (teamId === null ? null : roleIn(actor, teamId)),
    }),
    permissions: t.stringList({
      description: "What the viewer may do in that team, now.",
      resolve: ({ actor, teamId }) => (teamId === null ? [] : [...(accessTo(actor, teamId)?.permissions ?? [])]),
    }),
    isSuperAdmin: t.boolean({
      description: "Whether the viewer administers the platform.",
      resolve: ({ actor }) => actor.isSuperAdmin || actor.secondFactorMissingIn === "everywhere",
    }),
    needsSecondFactor: t.boolean({
      description:
        "Whether the viewer may do nothing in that team until they have set up a second factor: the team requires it of owners and admins, or the platform of super admins. Everything else about the team answers second_factor_required.",
      resolve: ({ actor, teamId }) =>
        actor.secondFactorMissingIn === "everywhere" || (teamId !== null && needsSecondFactor(actor, teamId)),
    }),
  }),
});

builder.queryField("viewer", (t) =>
  t.field({
    type: ViewerType,
    nullable: true,
    authScopes: { public: true },
    description: "The signed-in person; null when nobody is signed in.",
    args: { teamId: t.arg.id({ description: "As which team sees them; the selected one unless told." }) },
    resolve: (_root, { teamId }, { requestContext: { actor } }) =>
      actor.kind === "session" ? { actor, teamId: teamId ?? actor.selectedTeamId } : null,
  }),
);
