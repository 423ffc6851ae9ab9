import { pino } from "pino";
import { afterEach, expect, test, vi } from "vitest";
import { startTestMailServer, type TestMailServer } from "../../../test/mail-server.ts";
import { loadConfig } from "../../config.ts";
import { confirmAddressMail } from "./messages.ts";
import type { Deliver } from "./mail-message.ts";
import { MailQueue } from "./mail-queue.ts";
import { createSmtpDelivery } from "./smtp-delivery.ts";

const LINK = "https://keys.example.com/verify-email?token=sesame";
const MESSAGE = confirmAddressMail({ to: "ada@acme.example", link: LINK });
const JOB = { kind: "confirm address", prepare: async () => MESSAGE };

let mailServer: TestMailServer | null = null;
afterEach(async () => {
  await mailServer?.close();
  mailServer = null;
});

function createQueue(deliver: Deliver, options: Partial<ConstructorParameters<typeof MailQueue>[0]> = {}) {
  const lines: string[] = [];
  const logger = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
  return { queue: new MailQueue({ deliver, logger, pausesMilliseconds: [0, 0], ...options }), lines };
}

function smtp(url: string): Deliver {
  const settings = loadConfig({ SMTP_URL: url }).smtp;
  if (settings === null) throw new Error("There is no mail server in the settings.");
  return createSmtpDelivery(settings);
}

test("a mail arrives once, as plain text and as HTML, for exactly one mailbox", async () => {
  mailServer = await startTestMailServer();
  const { queue, lines } = createQueue(smtp(mailServer.url));
  expect(queue.add(JOB)).toBe(true);
  const mail = await mailServer.mailTo("ada@acme.example");
  await queue.close(10_000);
  expect(mailServer.mails).toHaveLength(1);
  expect(mail.recipients).toEqual(["ada@acme.example"]);
  expect([mail.from?.address, mail.subject]).toEqual(["no-reply@localhost", MESSAGE.subject]);
  expect(mail.text).toContain(LINK);
  expect(mail.html).toContain(`href="${LINK}"`);
  expect(mail.headers.find(({ key }) => key === "auto-submitted")?.value).toBe("auto-generated");
  expect(lines.join("")).not.toContain("sesame");
});

test("a server that is busy is asked again, three times in all", async () => {
  mailServer = await startTestMailServer();
  mailServer.behave("later");
  const { queue, lines } = createQueue(smtp(mailServer.url));
  queue.add(JOB);
  await vi.waitFor(() => expect(lines.join("")).toContain("given up"), { timeout: 20_000 });
  expect(mailServer.offered()).toBe(3);
  expect(lines.join("")).toContain('"status":451,"said":"451 Come back later"');
  expect(lines.join("")).not.toMatch(/sesame|ada@acme/);
});

test("a refusal for good is not argued with", async () => {
  mailServer = await startTestMailServer();
  mailServer.behave("refuse");
  const { queue, lines } = createQueue(smtp(mailServer.url));
  queue.add(JOB);
  await vi.waitFor(() => expect(lines.join("")).toContain("given up"), { timeout: 20_000 });
  expect(mailServer.offered()).toBe(1);
});

test("why a server cannot be reached is told to who reads the log", async () => {
  mailServer = await startTestMailServer();
  const { url } = mailServer;
  await mailServer.close();
  const { queue, lines } = createQueue(smtp(url));
  queue.add(JOB);
  await vi.waitFor(() => expect(lines.join("")).toContain("given up"), { timeout: 20_000 });
  expect(lines.join("")).toContain("ECONNREFUSED");
});

test("a server that never answers ends with the attempt's bound, and the stop's", async () => {
  mailServer = await startTestMailServer();
  mailServer.behave("silent");
  const { queue, lines } = createQueue(smtp(mailServer.url), { attemptMilliseconds: 200, pausesMilliseconds: [] });
  queue.add(JOB);
  await vi.waitFor(() => expect(lines.join("")).toContain("given up"), { timeout: 20_000 });

  const patient = createQueue(smtp(mailServer.url));
  patient.queue.add(JOB);
  const silent = mailServer;
  await vi.waitFor(() => expect(silent.offered()).toBe(2), { timeout: 20_000 });
  await patient.queue.close(0);
  expect(patient.lines.join("")).toContain('"unsent":1');
});

test("a stop waits for what is being sent and what waits, and takes nothing new", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const sent: string[] = [];
  const { queue, lines } = createQueue(async ({ to }) => {
    await held;
    sent.push(to);
  });
  for (let count = 0; count < 10; count += 1) queue.add(JOB);
  const closed = queue.close(60_000);
  expect(queue.add(JOB)).toBe(false);
  expect(sent).toEqual([]);
  release();
  await closed;
  expect(sent).toHaveLength(10);
  expect(lines.filter((line) => line.includes("A mail is dropped"))).toHaveLength(1);
});

test("a stop does not sit out a pause", async () => {
  const { queue, lines } = createQueue(async () => Promise.reject(new Error("not now")), {
    pausesMilliseconds: [3_600_000],
  });
  queue.add(JOB);
  await vi.waitFor(() => expect(lines.join("")).toContain("trying again"));
  await queue.close(60_000);
  expect(lines.join("")).toContain("given up");
});

test("what is too much is dropped and logged; nothing is sent to nobody", async () => {
  const sent: string[] = [];
  const { queue, lines } = createQueue(async ({ to }) => void sent.push(to), { maxWaiting: 1 });
  const nobody = { kind: "nobody's", prepare: async () => null };
  expect([nobody, nobody, nobody, JOB, nobody, nobody].map((job) => queue.add(job))).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
  ]);
  await queue.close(60_000);
  expect(sent).toEqual(["ada@acme.example"]);
  expect(lines.join("")).toContain("too many wait");
});
