import type { MailMessage } from "./mail-message.ts";

/** A mail before it is laid out: paragraphs around a link, which is all that is secret in it. */
interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly before: readonly string[];
  readonly link: LabelledLink;
  readonly after: readonly string[];
  /** How to get no more of them, at the end. */
  readonly unsubscribe?: LabelledLink;
}

interface LabelledLink {
  readonly label: string;
  readonly url: string;
}

interface LinkMail {
  readonly to: string;
  readonly link: string;
}

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const NOT_ASKED = "If you did not ask for this, you need not do anything: without the link nothing changes.";

/** With a link that sets a password, once, within the hour. */
export function passwordResetMail({ to, link }: LinkMail): MailMessage {
  return layOut({
    to,
    subject: "Set a new password for Latchkey",
    before: ["Somebody, hopefully you, asked for a new password for your Latchkey account."],
    link: { label: "Set a new password", url: link },
    after: ["The link works once, within an hour. A new password ends all your sessions.", NOT_ASKED],
  });
}

/** Tells the owner, so that a change that was not theirs is noticed. */
export function passwordChangedMail({ to, publicUrl }: { to: string; publicUrl: string }): MailMessage {
  return layOut({
    to,
    subject: "Your Latchkey password was changed",
    before: ["A new password was set for your Latchkey account, and all its sessions were ended."],
    link: { label: "If that was not you, set another one at once", url: `${publicUrl}/forgot-password` },
    after: ["Then tell whoever runs your Latchkey server."],
  });
}

/** With a link that proves the address, within the hour. */
export function confirmAddressMail({ to, link }: LinkMail): MailMessage {
  return layOut({
    to,
    subject: "Confirm your e-mail address for Latchkey",
    before: ["Somebody, hopefully you, made a Latchkey account with this e-mail address."],
    link: { label: "Confirm the address", url: link },
    after: ["The link works within an hour.", "If that was not you, do not open it: without it nothing is confirmed."],
  });
}

/** For who signs up with the address of an account that exists: the page told them nothing. */
export function accountExistsMail({ to, publicUrl }: { to: string; publicUrl: string }): MailMessage {
  return layOut({
    to,
    subject: "You already have a Latchkey account",
    before: ["Somebody, hopefully you, tried to make a Latchkey account with this e-mail address. It has one already."],
    link: { label: "If you do not know its password, set a new one", url: `${publicUrl}/forgot-password` },
    after: ["If that was not you, you need not do anything: nothing was changed."],
  });
}

interface InvitationMail extends LinkMail {
  readonly team: string;
  readonly inviter: string;
  readonly role: string;
  readonly expiresAt: Date;
}

/** With the link of an invitation. */
export function invitationMail({ to, link, team, inviter, role, expiresAt }: InvitationMail): MailMessage {
  return layOut({
    to,
    subject: `${inviter} invites you to ${team} on Latchkey`,
    before: [`${inviter} invites you to work in the team ${team} on Latchkey, as ${role}.`],
    link: { label: "Accept the invitation", url: link },
    after: [
      `The link works once, with an account of exactly this e-mail address, until ${DAY.format(expiresAt)}.`,
      "If you did not expect it, you need not do anything.",
    ],
  });
}

interface NotificationMail {
  readonly to: string;
  readonly publicUrl: string;
  /** At least one, oldest first. */
  readonly notifications: readonly {
    readonly message: string;
    readonly link: string;
    readonly team: { readonly name: string };
  }[];
}

/** Beyond these the mail only says how many there are. */
const MAX_LISTED = 20;

/** All that somebody was notified of since the mail before. */
export function notificationMail({ to, publicUrl, notifications }: NotificationMail): MailMessage {
  const [only] = notifications.length === 1 ? notifications : [];
  const lines = notifications.slice(0, MAX_LISTED).map(({ message, team }) => `${team.name}: ${message}`);
  const rest = notifications.length - lines.length;
  return layOut({
    to,
    subject:
      only === undefined ? `${notifications.length} notifications from Latchkey` : `${only.team.name}: ${only.message}`,
    before: rest === 0 ? lines : [...lines, `And ${rest} more.`],
    link:
      only === undefined
        ? { label: "See your notifications", url: `${publicUrl}/notifications` }
        : { label: "See what it is about", url: only.link },
    after: [],
    unsubscribe: {
      label: "You get these mails because you are a member of the team. To turn them off, go to your account",
      url: `${publicUrl}/settings/account`,
    },
  });
}

/** The only place where a mail gets its form: one line stays one line, and no name is markup. */
function layOut({ to, subject, before, link, after, unsubscribe }: Letter): MailMessage {
  const above = before.map(oneLine);
  const below = after.map(oneLine);
  const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`;
  const anchor = ({ label, url }: LabelledLink): string =>
    `<p><a href="${escapeHtml(url)}">${escapeHtml(label)}</a></p>`;
  const plain = ({ label, url }: LabelledLink): string => `${label}:\n${url}`;
  const last = unsubscribe === undefined ? [] : [unsubscribe];
  const parts = [...above.map(paragraph), anchor(link), ...below.map(paragraph), ...last.map(anchor)];
  return {
    to,
    subject: oneLine(subject),
    text: `${[...above, plain(link), ...below, ...last.map(plain)].join("\n\n")}\n`,
    html: `<!doctype html>\n<html lang="en"><body>\n${parts.join("\n")}\n</body></html>\n`,
  };
}

/** Names are checked when they are given; that no line break gets into a header does not depend on it. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
