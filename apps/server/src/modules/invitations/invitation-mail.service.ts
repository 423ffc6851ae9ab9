import type { Mail } from "../../platform/mail/mail.ts";
import { invitationMail } from "../../platform/mail/messages.ts";
import { invitationLink } from "./invitation-link.ts";
import type { InvitationsRepository } from "./invitations.repository.ts";

interface Dependencies {
  readonly mail: Mail;
  readonly repository: InvitationsRepository;
  readonly publicUrl: string;
}

export type MailInvitation = ReturnType<typeof createInvitationMail>;

/** For one team: who may invite could fill strangers' mailboxes otherwise. Beyond it links are handed over by hand. */
const PER_TEAM_AND_HOUR = 50;

/**
 * Mails the link of an invitation, where a mail server is configured. At a developer's terminal it is not printed: the
 * page shows it already.
 */
export function createInvitationMail({ mail, repository, publicUrl }: Dependencies) {
  /** Whether it will be tried. */
  return ({ id, teamId }: { id: string; teamId: string }, token: string): boolean => {
    if (mail.way !== "sent") return false;
    return mail.send({
      kind: "invitation",
      payer: `invitation:${teamId}`,
      perHour: PER_TEAM_AND_HOUR,
      async prepare() {
        const invitation = await repository.findForMail(id);
        if (invitation === null) return null;
        const { email, role, expiresAt, team, inviter } = invitation;
        const link = `${invitationLink(publicUrl, token)}?team=${encodeURIComponent(team.slug)}`;
        return invitationMail({ to: email, link, team: team.name, inviter: inviter.name, role, expiresAt });
      },
    });
  };
}
