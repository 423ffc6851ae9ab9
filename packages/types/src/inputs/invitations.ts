import { z } from "zod";
import { memberRole } from "./members.ts";
import { opaqueId } from "./opaque-id.ts";
import { emailAddress } from "./people.ts";

export const INVITATION_DAYS = 7;

export const invitationListInput = z.strictObject({ teamId: opaqueId.nullish() });

export const inviteMemberInput = z.strictObject({
  teamId: opaqueId.nullish(),
  email: emailAddress,
  role: memberRole,
});

/** The end of an invitation's link. Whatever it is, it opens an invitation or it does not: there is no wrong shape. */
export const acceptInvitationInput = z.strictObject({ id: z.string({ error: "The end of the link is text." }) });

export const cancelInvitationInput = z.strictObject({ id: opaqueId });

/** With this header, holding the end of an invitation's link, the invited may sign up where nobody else may. */
export const INVITATION_HEADER = "x-latchkey-invitation";
