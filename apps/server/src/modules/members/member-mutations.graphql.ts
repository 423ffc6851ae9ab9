import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  PermissionMissingError,
} from "../../platform/domain-error.ts";
import { builder } from "../../platform/graphql/builder.ts";
import type { ApiKey } from "../api-keys/api-key.ts";
import { ApiKeyType } from "../api-keys/api-key-type.graphql.ts";
import { RoleEnum, ViewerType, type Viewer } from "../teams/teams.graphql.ts";
import type { Member } from "./member.ts";
import { MemberType } from "./members.graphql.ts";

const ChangeMemberRoleInput = builder.inputType("ChangeMemberRoleInput", {
  description: "Another role for a member.",
  fields: (t) => ({
    memberId: t.id({ required: true, description: "Which member." }),
    role: t.field({ type: RoleEnum, required: true, description: "What they are to be; never SUPER_ADMIN." }),
  }),
});

const RemoveMemberInput = builder.inputType("RemoveMemberInput", {
  description: "A member to remove.",
  fields: (t) => ({ memberId: t.id({ required: true, description: "Which member." }) }),
});

const LeaveTeamInput = builder.inputType("LeaveTeamInput", {
  description: "A team to leave.",
  fields: (t) => ({ teamId: t.id({ required: true, description: "Which team." }) }),
});

const RevokeMemberApiKeysInput = builder.inputType("RevokeMemberApiKeysInput", {
  description: "Whose keys to revoke.",
  fields: (t) => ({ memberId: t.id({ required: true, description: "Which member." }) }),
});

const ChangeMemberRolePayload = builder.objectRef<{ member: Member }>("ChangeMemberRolePayload").implement({
  description: "The role has changed, and their keys can do what it allows from now on.",
  authScopes: { session: true },
  fields: (t) => ({ member: t.expose("member", { type: MemberType, description: "The member." }) }),
});

interface Removed {
  readonly removedMemberId: string;
  readonly viewer: Viewer;
}

const RemoveMemberPayload = removalPayload("RemoveMemberPayload", "They are out, and their keys of this team stopped.");
const LeaveTeamPayload = removalPayload(
  "LeaveTeamPayload",
  "The viewer has left, and their keys of this team stopped.",
);

function removalPayload(name: string, description: string) {
  return builder.objectRef<Removed>(name).implement({
    description,
    authScopes: { session: true },
    fields: (t) => ({
      removedMemberId: t.exposeID("removedMemberId", { description: "The member that is none any more." }),
      viewer: t.expose("viewer", { type: ViewerType, description: "The viewer, in the team they are in now." }),
    }),
  });
}

const RevokeMemberApiKeysPayload = builder.objectRef<{ apiKeys: ApiKey[] }>("RevokeMemberApiKeysPayload").implement({
  description: "The keys that were active until now. No server process accepts them any more.",
  authScopes: { session: true },
  fields: (t) => ({ apiKeys: t.expose("apiKeys", { type: [ApiKeyType], description: "Their records." }) }),
});

builder.mutationFields((t) => ({
  changeMemberRole: t.field({
    type: ChangeMemberRolePayload,
    description: "Gives a member another role. Needs members:manage; only owners make and change owners.",
    authScopes: { session: true },
    errors: {
      types: [InvalidInputError, PermissionMissingError, NotFoundError, ConflictError],
      union: { name: "ChangeMemberRoleResult", description: "The member, or why they kept their role." },
    },
    args: { input: t.arg({ type: ChangeMemberRoleInput, required: true, description: "Whom, and which role." }) },
    resolve: async (_root, { input }, { services, requestContext }) => ({
      member: await services.members.changeRole(requestContext, { ...input }),
    }),
  }),
  removeMember: t.field({
    type: RemoveMemberPayload,
    description:
      "Takes somebody out of a team for good: their keys stop, also should they join again. Needs members:manage, or is oneself; only owners remove owners.",
    authScopes: { session: true },
    errors: {
      types: [InvalidInputError, PermissionMissingError, NotFoundError, ConflictError],
      union: { name: "RemoveMemberResult", description: "Removed, or why not." },
    },
    args: { input: t.arg({ type: RemoveMemberInput, required: true, description: "Whom." }) },
    resolve: async (_root, { input }, { services, requestContext }) =>
      toRemoved(await services.members.remove(requestContext, { ...input })),
  }),
  leaveTeam: t.field({
    type: LeaveTeamPayload,
    description: "Takes the viewer out of a team: the same as being removed by oneself.",
    authScopes: { session: true },
    errors: {
      types: [InvalidInputError, NotFoundError, ConflictError],
      union: { name: "LeaveTeamResult", description: "Left, or why not." },
    },
    args: { input: t.arg({ type: LeaveTeamInput, required: true, description: "Which team." }) },
    resolve: async (_root, { input }, { services, requestContext }) =>
      toRemoved(await services.members.leave(requestContext, { ...input })),
  }),
  revokeMemberApiKeys: t.field({
    type: RevokeMemberApiKeysPayload,
    description: "Revokes every active key that a member made in the team. Needs api_keys:revoke, or is oneself.",
    authScopes: { session: true },
    errors: {
      types: [InvalidInputError, PermissionMissingError, NotFoundError],
      union: { name: "RevokeMemberApiKeysResult", description: "The keys, or why they were not revoked." },
    },
    args: { input: t.arg({ type: RevokeMemberApiKeysInput, required: true, description: "Whose." }) },
    resolve: async (_root, { input }, { services, requestContext }) => ({
      apiKeys: await services.members.revokeApiKeys(requestContext, { ...input }),
    }),
  }),
}));

function toRemoved({ memberId, actor }: { memberId: string; actor: Viewer["actor"] }): Removed {
  return { removedMemberId: memberId, viewer: { actor, teamId: actor.selectedTeamId } };
}
