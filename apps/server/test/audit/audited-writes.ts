import type { AuditAction } from "@latchkey/types/audit-events";
import type { PrincipalName, Target } from "../authorisation/cast.ts";
import type { Call } from "../authorisation/operations.ts";
import type { TestServer } from "../test-server.ts";

// Every mutation and every route of REST that changes something, and what of it stands in the audit log. How each is
// called, the matrix of authorisation knows; where its call would change nothing, another one stands here.

export type AuditedWrite =
  | {
      readonly events: readonly AuditAction[];
      readonly by?: PrincipalName;
      readonly call?: (target: Target, server: TestServer) => Promise<Call> | Call;
    }
  | { readonly none: string };

const mutationOf = (field: string, type: string, input: object): Call => ({
  query: `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ... on Error { code message } } }`,
  variables: { input },
});

export const AUDITED_WRITES: Readonly<Record<string, AuditedWrite>> = {
  "Mutation.createApiKey": { events: ["api_key.created"] },
  "Mutation.renameApiKey": { events: ["api_key.renamed"] },
  "Mutation.revokeApiKey": { events: ["api_key.revoked"] },
  "Mutation.revokeMemberApiKeys": {
    events: ["api_key.revoked"],
    call: async (target, server) => {
      await target.key();
      const [owner] = await server.sql<{ id: string }>("SELECT id FROM member WHERE team_id = $1 AND role = 'owner'", [
        target.teamId,
      ]);
      return mutationOf("revokeMemberApiKeys", "RevokeMemberApiKeysInput", { memberId: owner?.id });
    },
  },
  "Mutation.createTeam": { events: ["member.added", "team.created"] },
  // A member's selection is their session's own; coming in from outside is not.
  "Mutation.selectTeam": {
    events: ["super_admin.entered_team"],
    by: "superAdmin",
    call: async ({ teamId }, server) => {
      await server.sql("DELETE FROM team_entry");
      return mutationOf("selectTeam", "SelectTeamInput", { teamId });
    },
  },
  "Mutation.setTeamSecondFactor": {
    events: ["team.second_factor_changed"],
    call: async ({ teamId }, server) => {
      await server.sql("UPDATE team SET requires_second_factor = true WHERE id = $1", [teamId]);
      return mutationOf("setTeamSecondFactor", "SetTeamSecondFactorInput", { teamId, isRequired: false });
    },
    by: "superAdmin",
  },
  "Mutation.inviteMember": { events: ["invitation.created"] },
  "Mutation.acceptInvitation": { events: ["invitation.accepted", "member.added"] },
  "Mutation.cancelInvitation": { events: ["invitation.cancelled"] },
  "Mutation.changeMemberRole": { events: ["member.role_changed"] },
  "Mutation.removeMember": { events: ["member.removed"] },
  "Mutation.leaveTeam": { events: ["member.left"], by: "viewer" },
  "Mutation.setTeamSubscription": {
    events: ["subscription.changed"],
    by: "superAdmin",
    call: ({ teamId }) => mutationOf("setTeamSubscription", "SetTeamSubscriptionInput", { teamId, plan: "SCALE" }),
  },
  "Mutation.setUserBan": { events: ["user.banned"], by: "superAdmin" },
  "Mutation.markNotificationRead": { none: "What somebody has read changes nothing for anybody else." },
  "Mutation.markAllNotificationsRead": { none: "As above." },
  "PATCH /notifications/{id}": { none: "As above." },
  "POST /api-keys": { events: ["api_key.created"] },
  "DELETE /api-keys/{id}": { events: ["api_key.revoked"] },
  "PATCH /backoffice/teams/{id}": {
    events: ["subscription.changed"],
    by: "superAdmin",
    call: ({ teamId }) => ({ method: "PATCH", path: `/backoffice/teams/${teamId}`, body: { plan: "enterprise" } }),
  },
};
