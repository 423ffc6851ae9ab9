import { pino } from "pino";
import { expect, test } from "vitest";
import { MailAllowance } from "./mail-allowance.ts";
import { createMail } from "./mail.ts";
import { passwordResetMail } from "./messages.ts";

const JOB = {
  kind: "password reset",
  payer: "ada@acme.example",
  perHour: 2,
  prepare: async () =>
    passwordResetMail({ to: "ada@acme.example", link: "http://localhost:3000/reset-password?token=sesame" }),
};

function open(isLocal: boolean) {
  const printed: string[] = [];
  const lines: string[] = [];
  const logger = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
  const mail = createMail({ config: { smtp: null, isLocal }, logger, print: (text) => void printed.push(text) });
  return { mail, printed, lines };
}

test("without a mail server a local one prints the link at the terminal, past the log", async () => {
  const { mail, printed, lines } = open(true);
  expect(mail.send(JOB)).toBe(true);
  await mail.close(60_000);
  expect(printed.join("")).toContain("  | http://localhost:3000/reset-password?token=sesame\n");
  expect(printed.join("")).toContain("  | To: ada@acme.example\n");
  expect(lines.join("")).not.toContain("sesame");
});

test("without a mail server one in production sends and prints nothing", async () => {
  const { mail, printed, lines } = open(false);
  expect([mail.way, mail.send(JOB)]).toEqual(["none", false]);
  await mail.close(60_000);
  expect([printed, lines]).toEqual([[], []]);
});

test("one payer causes so many mails and no more, and others are not held up by it", async () => {
  const { mail, printed } = open(true);
  expect([1, 2, 3].map(() => mail.send(JOB))).toEqual([true, true, false]);
  expect(mail.send({ ...JOB, payer: "grace@acme.example" })).toBe(true);
  await mail.close(60_000);
  expect(printed).toHaveLength(3);
});

test("an allowance comes back evenly over the hour, and is forgotten for the oldest of too many payers", () => {
  let now = 5_000_000;
  const allowance = new MailAllowance(() => now);
  const take = () => allowance.take("ada", 5);
  expect([1, 2, 3, 4, 5, 6].map(take)).toEqual([true, true, true, true, true, false]);
  now += 12 * 60 * 1000;
  expect([take(), take()]).toEqual([true, false]);
  now += 60 * 60 * 1000;
  expect([1, 2, 3, 4, 5, 6].map(take)).toEqual([true, true, true, true, true, false]);
  for (let payer = 0; payer < 10_000; payer += 1) allowance.take(String(payer), 5);
  expect(take()).toBe(true);
});
