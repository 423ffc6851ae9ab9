import type { MailWay } from "@latchkey/types/inputs/account-mail";
import type { Logger } from "pino";
import type { SmtpSettings } from "../../settings/mail.ts";
import type { Deliver } from "./mail-message.ts";
import { MailAllowance } from "./mail-allowance.ts";
import { MailQueue, type MailJob } from "./mail-queue.ts";
import { createSmtpDelivery } from "./smtp-delivery.ts";
import { createTerminalDelivery } from "./terminal-delivery.ts";

export interface CountedMail extends MailJob {
  /** Whom it is counted for: a mailbox that strangers fill, or a team that invites. */
  readonly payer: string;
  readonly perHour: number;
}

export interface Mail {
  readonly way: MailWay;
  /** Whether it will be tried. Behind the answer of the request, whatever the mail server does. */
  send(job: CountedMail): boolean;
  /** Waits for what is being sent, for at most so long. */
  close(milliseconds: number): Promise<void>;
}

interface Options {
  readonly config: { readonly smtp: SmtpSettings | null; readonly isLocal: boolean };
  readonly logger: Logger;
  readonly print: (text: string) => void;
  /** Before repetitions; a test does without them. */
  readonly pausesMilliseconds?: readonly number[];
}

/** For who sends none. */
export const NO_MAIL: Mail = { way: "none", send: () => false, close: async () => {} };

export function mailWayOf({ smtp, isLocal }: Options["config"]): MailWay {
  if (smtp !== null) return "sent";
  return isLocal ? "printed" : "none";
}

export function createMail({ config, logger, print, ...options }: Options): Mail {
  const deliver = deliveryOf(config, print);
  if (deliver === null) return NO_MAIL;
  const queue = new MailQueue({ deliver, logger, ...options });
  const allowance = new MailAllowance(() => performance.now());
  return {
    way: mailWayOf(config),
    send({ payer, perHour, ...job }) {
      if (allowance.take(payer, perHour)) return queue.add(job);
      logger.warn({ mail: job.kind, perHour }, "A mail is dropped: there were too many for the same payer in an hour");
      return false;
    },
    close: (milliseconds) => queue.close(milliseconds),
  };
}

function deliveryOf({ smtp, isLocal }: Options["config"], print: Options["print"]): Deliver | null {
  if (smtp !== null) return createSmtpDelivery(smtp);
  return isLocal ? createTerminalDelivery(print) : null;
}
