import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  PermissionMissingError,
} from "../../platform/domain-error.ts";
import { builder } from "../../platform/graphql/builder.ts";
import { teamPayload } from "../teams/team-mutations.graphql.ts";
import { RoleEnum } from "../teams/teams.graphql.ts";
import type { Invitation } from "./invitation.ts";

/** The link only where it was just made: nobody can read it again. */
interface ShownInvitation extends Invitation {
  readonly link: string | null;
}

const InvitationType = builder.objectRef<ShownInvitation>("Invitation").implement({
  description: "An open invitation to a team: works once, for one e-mail address, for 7 days.",
  authScopes: { session: true },
  fields: (t) => ({
    id: t.exposeID("id", { description: "Opaque id, invitation_…; it opens nothing." }),
    email: t.exposeString("email", { description: "For whom, in lower case." }),
    role: t.expose("role", { type: RoleEnum, description: "What they will be." }),
    expiresAt: t.expose("expiresAt", { type: "DateTime", description: "From when on it opens nothing." }),
    link: t.exposeString("link", {
      nullable: true,
      description: "To hand to that person. Only in the answer of inviteMember, and never again: do not cache it.",
    }),
  }),
});

const withoutLink = (invitation: Invitation): ShownInvitation => ({ ...invitation, link: null });

builder.queryField("invitations", (t) =>
  t.field({
    type: [InvitationType],
    nullable: true,
    authScopes: { session: true },
    description: "Invitations to a team that can still be accepted, newest first. Needs members:read.",
    args: { teamId: t.arg.id({ description: "To which team; the selected one unless told." }) },
    resolve: async (_root, args, { services, requestContext }) =>
      (await services.invitations.list(requestContext, { ...args })).map(withoutLink),
  }),
);

const InviteMemberInput = builder.inputType("InviteMemberInput", {
  description: "Whom to invite.",
  fields: (t) => ({
    teamId: t.id({ description: "To which team; the selected one unless told." }),
    email: t.string({ required: true, description: "Their e-mail address: only its owner can accept." }),
    role: t.field({ type: RoleEnum, required: true, description: "What they will be; never SUPER_ADMIN." }),
  }),
});

const AcceptInvitationInput = builder.inputType("AcceptInvitationInput", {
  description: "An invitation's link.",
  fields: (t) => ({ id: t.id({ required: true, description: "What the link ends with, after /accept-invitation/." }) }),
});

const CancelInvitationInput = builder.inputType("CancelInvitationInput", {
  description: "An invitation to cancel.",
  fields: (t) => ({ id: t.id({ required: true, description: "Which invitation." }) }),
});

const InviteMemberPayload = builder
  .objectRef<{ invitation: ShownInvitation; isMailed: boolean }>("InviteMemberPayload")
  .implement({
    description: "The invitation, with its link.",
    authScopes: { session: true },
    fields: (t) => ({
      invitation: t.expose("invitation", { type: InvitationType, description: "The invitation." }),
      isMailed: t.exposeBoolean("isMailed", {
        description: "Whether the link is on its way by mail; otherwise it is handed over by hand.",
      }),
    }),
  });

const CancelInvitationPayload = builder
  .objectRef<{ invitation: ShownInvitation }>("CancelInvitationPayload")
  .implement({
    description: "Its link opens nothing any more.",
    authScopes: { session: true },
    fields: (t) => ({
      invitation: t.expose("invitation", { type: InvitationType, description: "The invitation." }),
    }),
  });

const AcceptInvitationPayload = teamPayload(
  "AcceptInvitationPayload",
  "The viewer is a member now, and works in the team.",
);

builder.mutationFields((t) => ({
  inviteMember: t.field({
    type: InviteMemberPayload,
    description:
      "Makes a link that lets the owner of an e-mail address join. Replaces an open invitation of the same address. Needs members:manage; only owners invite owners.",
    authScopes: { session: true },
    errors: {
      types: [InvalidInputError, PermissionMissingError, NotFoundError, ConflictError],
      union: { name: "InviteMemberResult", description: "The invitation, or why there is none." },
    },
    args: { input: t.arg({ type: InviteMemberInput, required: true, description: "Whom, and as what." }) },
    resolve: async (_root, { input }, { services, requestContext }) => {
      const { invitation, link, isMailed } = await services.invitations.invite(requestContext, { ...input });
      return { invitation: { ...invitation, link }, isMailed };
    },
  }),
  acceptInvitation: t.field({
    type: AcceptInvitationPayload,
    description: "Joins the team that an invitation's link is for. Works for the invited e-mail address only.",
    authScopes: { session: true },
    errors: {
      types: [InvalidInputError, ConflictError],
      union: { name: "AcceptInvitationResult", description: "Joined, or why not." },
    },
    args: { input: t.arg({ type: AcceptInvitationInput, required: true, description: "Which link." }) },
    resolve: async (_root, { input }, { services, requestContext }) => ({
      viewer: await services.invitations.accept(requestContext, { ...input }),
    }),
  }),
  cancelInvitation: t.field({
    type: CancelInvitationPayload,
    description: "Cancels an open invitation. Repeating it changes nothing. Needs members:manage.",
    authScopes: { session: true },
    errors: {
      types: [InvalidInputError, PermissionMissingError, NotFoundError, ConflictError],
      union: { name: "CancelInvitationResult", description: "Cancelled, or why not." },
    },
    args: { input: t.arg({ type: CancelInvitationInput, required: true, description: "Which invitation." }) },
    resolve: async (_root, { input }, { services, requestContext }) => {
      const invitation = await services.invitations.cancel(requestContext, { ...input });
      return { invitation: withoutLink(invitation) };
    },
  }),
}));
