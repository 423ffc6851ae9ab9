import type { SmtpSettings } from "../../settings/mail.ts";
import type { Deliver } from "./mail-message.ts";

/** For one answer of the server each; the whole attempt has a bound of its own in the queue. */
const ANSWER_MILLISECONDS = 5_000;

/** What a mail server, or the way to it, did: for the log, without a word of the mail. */
export interface DeliveryFailure {
  readonly code: string;
  readonly status: number | null;
  readonly said: string | null;
}

/** Delivers by SMTP, a connection for each mail. The library is loaded with the first one. */
export function createSmtpDelivery({
  host,
  port,
  isTlsFromStart,
  requiresTls,
  credentials,
  from,
}: SmtpSettings): Deliver {
  return async (message, signal) => {
    const { createTransport } = await import("nodemailer");
    const transport = createTransport({
      host,
      port,
      secure: isTlsFromStart,
      requireTLS: requiresTls,
      ...(credentials === null ? {} : { auth: { user: credentials.user, pass: credentials.password } }),
      connectionTimeout: ANSWER_MILLISECONDS,
      greetingTimeout: ANSWER_MILLISECONDS,
      dnsTimeout: ANSWER_MILLISECONDS,
      socketTimeout: ANSWER_MILLISECONDS,
      socketCloseTimeout: 0,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    await transport.sendMail({
      from: { name: from.name, address: from.address },
      // As an object: a text would be parsed as a list of addresses.
      to: { name: "", address: message.to },
      subject: message.subject,
      text: message.text,
      html: message.html,
      // So that out-of-office programs do not answer.
      headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
      signal,
    });
  };
}

/** 5xx: the server will not think better of it. */
export function isRefusedForGood(error: unknown): boolean {
  const { status } = describeDeliveryFailure(error);
  return status !== null && status >= 500;
}

/** What may be logged of an error: of the conversation only how it began, or what the server said last. */
export function describeDeliveryFailure(error: unknown): DeliveryFailure {
  const { code, responseCode, response, name, command, message } = error as Partial<Record<string, unknown>>;
  const said = command === "CONN" ? (response ?? message) : response;
  return {
    code: typeof code === "string" ? code : String(name),
    status: typeof responseCode === "number" ? responseCode : null,
    said: typeof said === "string" ? said.slice(0, 200) : null,
  };
}
