import type { Mail } from "../../platform/mail/mail.ts";
import { notificationMail } from "../../platform/mail/messages.ts";
import type { ClaimedMail, NotificationMailsRepository } from "./notification-mails.repository.ts";
import { toNotification } from "./notification-message.ts";

export type NotificationMails = ReturnType<typeof createNotificationMails>;

interface Dependencies {
  readonly repository: NotificationMailsRepository;
  readonly mail: Mail;
  readonly publicUrl: string;
  readonly now: () => Date;
}

const MINUTE_MILLISECONDS = 60 * 1000;
/** After an outage, or before mails were set up: news of the day before yesterday is on the page. */
const OLDEST_MILLISECONDS = 48 * 60 * MINUTE_MILLISECONDS;
/** Between two mails to the same person; what happens meanwhile comes with the next. */
const PAUSE_MILLISECONDS = 10 * MINUTE_MILLISECONDS;
/** More than the pause lets through: a mail that is refused here would be lost. */
const PER_PERSON_AND_HOUR = 12;

/** Mails people what they were notified of, where a mail server is configured: one mail each, however much it is. */
export function createNotificationMails({ repository, mail, publicUrl, now }: Dependencies) {
  const send = (claimed: ClaimedMail): boolean =>
    mail.send({
      kind: "notifications",
      payer: `notifications:${claimed.userId}`,
      perHour: PER_PERSON_AND_HOUR,
      async prepare() {
        const { email, notifications } = await repository.findForMail(claimed);
        const told = notifications.map((stored) => toNotification(stored, publicUrl));
        return told.length === 0 ? null : notificationMail({ to: email, publicUrl, notifications: told });
      },
    });

  return {
    /** How many mails it handed over. At a developer's terminal none is printed: the page shows them already. */
    async sendDue(): Promise<number> {
      if (mail.way !== "sent") return 0;
      const at = now();
      const claimed = await repository.claim({
        now: at,
        notBefore: new Date(at.getTime() - OLDEST_MILLISECONDS),
        lastMailBefore: new Date(at.getTime() - PAUSE_MILLISECONDS),
      });
      return claimed.filter(send).length;
    },
  };
}
