import { DEFAULT_PAGE_SIZE } from "@latchkey/types/inputs/api-key-list";
import { builder, type GraphQLContext } from "../../platform/graphql/builder.ts";
import { toConnection } from "../../platform/graphql/connection.ts";
import { PersonType } from "../people/people.graphql.ts";
import { RoleEnum } from "../teams/teams.graphql.ts";
import type { Member } from "./member.ts";

export const MemberType = builder.objectRef<Member>("Member").implement({
  description: "A person in a team, with exactly one role. Who is removed and joins again is another member.",
  authScopes: { session: true },
  fields: (t) => ({
    id: t.exposeID("id", { description: "Opaque id, member_…; the memberId of the mutations." }),
    user: t.expose("user", { type: PersonType, description: "Who it is." }),
    role: t.expose("role", { type: RoleEnum, description: "What they are in the team." }),
    joinedAt: t.expose("joinedAt", { type: "DateTime", description: "When they joined." }),
    activeKeys: t.exposeInt("activeKeys", {
      description: "Keys they made in the team that are neither revoked nor expired.",
    }),
    isLastOwner: t.exposeBoolean("isLastOwner", {
      description: "The team's only owner, who can neither leave, nor be removed, nor become something else.",
    }),
    viewerMayRemove: t.boolean({
      description: "Whether the viewer may remove them; of oneself: whether one may leave.",
      resolve: (member, _args, context) => optionsFor(member, context).mayRemove,
    }),
    viewerMayAssign: t.field({
      type: [RoleEnum],
      description: "What the viewer may make them; empty when their role is not the viewer's to change.",
      resolve: (member, _args, context) => [...optionsFor(member, context).assignableRoles],
    }),
    viewerMayRevokeKeys: t.boolean({
      description: "Whether the viewer may revoke all their keys.",
      resolve: (member, _args, context) => optionsFor(member, context).mayRevokeKeys,
    }),
  }),
});

function optionsFor(member: Member, { services, requestContext }: GraphQLContext) {
  return services.members.optionsFor(requestContext, member);
}

const MemberConnectionType = builder.connectionObject(
  {
    type: MemberType,
    name: "MemberConnection",
    description: "A page of a team's members.",
    authScopes: { session: true },
  },
  { name: "MemberEdge", description: "A member in a list, with their place.", authScopes: { session: true } },
);

builder.queryField("members", (t) =>
  t.field({
    type: MemberConnectionType,
    nullable: true,
    authScopes: { session: true },
    description: "The members of a team, in the order in which they joined. Needs members:read.",
    args: {
      teamId: t.arg.id({ description: "Of which team; the selected one unless told." }),
      first: t.arg.int({ defaultValue: DEFAULT_PAGE_SIZE, description: "How many, 1 to 100." }),
      after: t.arg.string({ description: "The endCursor of the page before." }),
    },
    resolve: async (_root, args, { services, requestContext }) => {
      const page = await services.members.list(requestContext, { ...args });
      const edges = page.members.map(({ member, cursor }) => ({ node: member, cursor }));
      return toConnection(edges, page.hasMore, args.after);
    },
  }),
);
