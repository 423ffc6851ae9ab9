import { describe, expect, test } from "vitest";
import { ConfigError, loadConfig } from "../config.ts";

const smtpOf = (env: Record<string, string>) => loadConfig(env).smtp;

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test("a mail server is read with its percent-encoded password, and its usual port", () => {
  expect(smtpOf({ SMTP_URL: "smtp://keys%40example.com:p%40ss%3Aword@mail.example.com" })).toEqual({
    host: "mail.example.com",
    port: 587,
    isTlsFromStart: false,
    requiresTls: true,
    credentials: { user: "keys@example.com", password: "p@ss:word" },
    from: { name: "Latchkey", address: "no-reply@localhost" },
  });
  expect(smtpOf({ SMTP_URL: "smtps://user:password@mail.example.com/" })).toMatchObject({
    port: 465,
    isTlsFromStart: true,
  });
  expect(smtpOf({ SMTP_URL: "smtp://[::1]:2525" })).toMatchObject({ host: "::1", port: 2525 });
});

describe("a password goes over the network encrypted or not at all", () => {
  test.each([
    ["smtp://user:password@mail.example.com", true],
    ["smtp://user:password@127.0.0.1", false],
    ["smtp://relay.internal:25", false],
  ])("%s requires STARTTLS: %s", (url, requiresTls) => {
    expect(smtpOf({ SMTP_URL: url })?.requiresTls).toBe(requiresTls);
  });
});

test.each([
  ["keys@example.com", "Latchkey", "keys@example.com"],
  ["Acme Keys <Keys@Example.com>", "Acme Keys", "keys@example.com"],
  ['"Keys, Acme" <keys@example.com>', "Keys, Acme", "keys@example.com"],
  ["<keys@example.com>", "Latchkey", "keys@example.com"],
])("MAIL_FROM=%s is the sender %s, %s", (text, name, address) => {
  expect(smtpOf({ SMTP_URL: "smtp://localhost", MAIL_FROM: text })?.from).toEqual({ name, address });
});

test("without MAIL_FROM the sender is at the host that people open", () => {
  const { from } = smtpOf({ SMTP_URL: "smtp://localhost", PUBLIC_URL: "https://keys.example.com" }) ?? {};
  expect(from).toEqual({ name: "Latchkey", address: "no-reply@keys.example.com" });
});

describe("one wrong setting is one problem that names it, and never shows a password", () => {
  test.each([
    "mail.example.com:587",
    "http://user:hunter2@mail.example.com",
    "smtp://user:hunter2@",
    "smtp://user@mail.example.com",
    "smtp://:hunter2@mail.example.com",
    "smtp://user:hunter2%@mail.example.com",
    "smtp://user:hunter2@mail.example.com/inbox",
    "smtp://user:hunter2@mail.example.com?tls=off",
    "smtp://user:hunter2@mail.example.com#x",
    "smtp://user:hunter2@mail example.com",
    "smtp://user:hunter2@mail.example.com:99999",
  ])("SMTP_URL=%s", (url) => {
    const problems = problemsOf({ SMTP_URL: url });
    expect(problems).toEqual([expect.stringContaining("SMTP_URL is not the address of a mail server")]);
    expect(problems.join("\n")).not.toContain("hunter2");
  });

  test.each([
    "Latchkey",
    "a@acme.example, b@acme.example",
    "Latchkey <>",
    "a\nBcc: b <a@acme.example>",
    "<<a@acme.example>>",
  ])("MAIL_FROM=%j", (text) => {
    expect(problemsOf({ MAIL_FROM: text })).toEqual([expect.stringContaining("MAIL_FROM is not a sender")]);
  });
});
