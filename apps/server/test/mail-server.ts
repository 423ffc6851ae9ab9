import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerSession } from "smtp-server";

export interface ReceivedMail extends Email {
  /** Whom the server was told to hand it to, whatever the headers say. */
  readonly recipients: readonly string[];
  readonly raw: string;
  /** The one address into the product that it holds. */
  readonly link: string;
}

/** `refuse`: for good; `later`: for now; `silent`: takes the mail and never answers. */
type Manner = "accept" | "refuse" | "later" | "silent";

export interface TestMailServer {
  /** For SMTP_URL. */
  readonly url: string;
  readonly mails: ReceivedMail[];
  /** How many mails it was offered. */
  readonly offered: () => number;
  /** The newest mail to this address, as soon as there are so many. */
  mailTo(address: string, count?: number): Promise<ReceivedMail>;
  behave(manner: Manner): void;
  close(): Promise<void>;
}

const ANSWERS = {
  refuse: [550, "We take nothing from you"],
  later: [451, "Come back later"],
} as const;

/** A real SMTP server on the loopback address that keeps what it takes. */
export async function startTestMailServer(): Promise<TestMailServer> {
  const mails: ReceivedMail[] = [];
  const waiting = new Set<() => void>();
  let manner: Manner = "accept";
  let offered = 0;
  const notify = () => {
    for (const check of waiting) check();
  };
  const keep = async (raw: string, { envelope }: SMTPServerSession) => {
    const email = await PostalMime.parse(raw);
    const link = /https?:\/\/\S+/.exec(email.text ?? "")?.[0] ?? "";
    mails.push({ ...email, recipients: envelope.rcptTo.map(({ address }) => address), raw, link });
    notify();
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    closeTimeout: 100,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        offered += 1;
        notify();
        if (manner === "silent") return;
        if (manner !== "accept") {
          const [responseCode, message] = ANSWERS[manner];
          done(Object.assign(new Error(message), { responseCode }));
          return;
        }
        void keep(Buffer.concat(chunks).toString("utf8"), session).finally(() => done());
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    offered: () => offered,
    mailTo: (address, count = 1) =>
      new Promise((resolve) => {
        const check = () => {
          const found = mails.filter(({ recipients }) => recipients.includes(address));
          const newest = found.at(-1);
          if (found.length < count || newest === undefined) return;
          waiting.delete(check);
          resolve(newest);
        };
        waiting.add(check);
        check();
      }),
    behave: (next) => (manner = next),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
