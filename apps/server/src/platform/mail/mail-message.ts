/** One mail, ready to be sent. It may hold a one-time link: it is never logged. */
export interface MailMessage {
  /** One address, checked when it was taken in. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Hands a mail over; resolves when somebody else has taken responsibility for it. */
export type Deliver = (message: MailMessage, signal: AbortSignal) => Promise<void>;
