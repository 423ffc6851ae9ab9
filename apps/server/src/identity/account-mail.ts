import type { MailWay } from "@latchkey/types/inputs/account-mail";
import type { PeopleService } from "../modules/people/people.service.ts";
import type { Mail } from "../platform/mail/mail.ts";
import type { MailMessage } from "../platform/mail/mail-message.ts";
import {
  accountExistsMail,
  confirmAddressMail,
  passwordChangedMail,
  passwordResetMail,
} from "../platform/mail/messages.ts";
import { createPasswordLink, type OneTimeTokens } from "./password-link.ts";

export type AccountMail = ReturnType<typeof createAccountMail>;

interface Dependencies {
  readonly mail: Mail;
  readonly people: PeopleService;
  readonly publicUrl: string;
  readonly now: () => Date;
}

interface Owner {
  readonly id: string;
  readonly email: string;
}

/** Anybody can ask for them: more would be a way to fill somebody's mailbox. */
const PER_MAILBOX_AND_HOUR = 5;

/** What people get mailed about their accounts. The banned get nothing; to whom mail went, no answer tells. */
export function createAccountMail({ mail, people, publicUrl, now }: Dependencies) {
  const send = (kind: string, email: string, prepare: () => Promise<MailMessage | null>): void => {
    mail.send({ kind, payer: `${kind}:${email}`, perHour: PER_MAILBOX_AND_HOUR, prepare });
  };

  const toOwner = (kind: string, { id, email }: Owner, write: () => MailMessage): void =>
    send(kind, email, async () => ((await people.findForSession(id)) === null ? null : write()));

  return {
    way: mail.way as MailWay,

    /**
     * A link to set a new password, if the address has an account. In front of the answer one look-up is made, whose
     * result decides nothing: it is there to fail while the database is away. Whatever depends on the account is done
     * behind the answer.
     */
    async requestPasswordReset(email: string, tokens: OneTimeTokens): Promise<void> {
      await people.findByEmail(email);
      send("password reset", email, async () => {
        const person = await people.findByEmail(email);
        if (person === null || (await people.findForSession(person.id)) === null) return null;
        const link = await createPasswordLink(tokens, { userId: person.id, publicUrl, now: now() });
        return passwordResetMail({ to: person.email, link });
      });
    },

    confirmAddress(owner: Owner, token: string): void {
      const link = `${publicUrl}/verify-email?token=${encodeURIComponent(token)}`;
      toOwner("address confirmation", owner, () => confirmAddressMail({ to: owner.email, link }));
    },

    accountExists(owner: Owner): void {
      toOwner("account exists", owner, () => accountExistsMail({ to: owner.email, publicUrl }));
    },

    /** Whoever could set the password got a link by mail or from the operator, and either vouches for the address. */
    async afterPasswordReset(owner: Owner): Promise<void> {
      await people.afterPasswordReset(owner.id);
      toOwner("password changed", owner, () => passwordChangedMail({ to: owner.email, publicUrl }));
    },
  };
}
