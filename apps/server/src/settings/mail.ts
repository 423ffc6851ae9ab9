import { emailAddress } from "@latchkey/types/inputs/people";
import { nameOf } from "@latchkey/types/inputs/name";
import { isLoopback } from "./origins.ts";
import type { SettingReader } from "./setting-reader.ts";

/** A mailbox as the `From` of a mail shows it. */
export interface MailSender {
  readonly name: string;
  readonly address: string;
}

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps:`); otherwise STARTTLS, wherever the server offers it. */
  readonly isTlsFromStart: boolean;
  /** Rather no mail than one in the open: a password would be read on the way. */
  readonly requiresTls: boolean;
  readonly credentials: { readonly user: string; readonly password: string } | null;
  readonly from: MailSender;
}

const DEFAULT_PORTS = { "smtp:": 587, "smtps:": 465 } as const;
const EXAMPLE = "smtp://user:password@mail.example.com:587";

/** SMTP_URL and MAIL_FROM; null without a mail server. */
export function readMail(read: SettingReader, publicUrl: string): SmtpSettings | null {
  const from = readSender(read, new URL(publicUrl).hostname);
  const text = read.text("SMTP_URL");
  if (text === null) return null;
  const server = parseSmtpUrl(text);
  if (server !== null) return { ...server, from };
  read.problem(
    "SMTP_URL",
    `is not the address of a mail server. Set scheme (smtp, or smtps for TLS from the start), name and password if it wants them, host and port, such as ${EXAMPLE}, with special characters percent-encoded.`,
  );
  return null;
}

function parseSmtpUrl(text: string): Omit<SmtpSettings, "from"> | null {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text);
  if (protocol !== "smtp:" && protocol !== "smtps:") return null;
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const isMoreThanServer = !["", "/"].includes(pathname) || search !== "" || hash !== "";
  if (!/^[0-9A-Za-z.:-]+$/.test(host) || isMoreThanServer || (username === "") !== (password === "")) return null;
  const [user, secret] = [decoded(username), decoded(password)];
  if (user === null || secret === null) return null;
  const isTlsFromStart = protocol === "smtps:";
  return {
    host,
    port: port === "" ? DEFAULT_PORTS[protocol] : Number(port),
    isTlsFromStart,
    requiresTls: !isTlsFromStart && username !== "" && !isLoopback(host),
    credentials: username === "" ? null : { user, password: secret },
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

const senderName = nameOf("person");

/** `keys@example.com`, or `Latchkey <keys@example.com>`. */
function readSender(read: SettingReader, hostname: string): MailSender {
  const fallback = { name: "Latchkey", address: `no-reply@${hostname}` };
  const text = read.text("MAIL_FROM");
  if (text === null) return fallback;
  const [, named, bracketed] = /^([^<>]*)<([^<>]+)>$/.exec(text) ?? [];
  const name = senderName.safeParse(named?.replaceAll('"', "").trim() || fallback.name);
  const address = emailAddress.safeParse(bracketed ?? text);
  if (name.success && address.success) return { name: name.data, address: address.data };
  read.problem(
    "MAIL_FROM",
    "is not a sender. Set an e-mail address that your mail server may send from, such as Latchkey <no-reply@example.com>.",
  );
  return fallback;
}
