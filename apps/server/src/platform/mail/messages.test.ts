import fc from "fast-check";
import { expect, test } from "vitest";
import { startTestMailServer } from "../../../test/mail-server.ts";
import { loadConfig } from "../../config.ts";
import { invitationMail } from "./messages.ts";
import { createSmtpDelivery } from "./smtp-delivery.ts";

const invite = (team: string, inviter: string) =>
  invitationMail({
    to: "ada@acme.example",
    link: "https://keys.example.com/accept-invitation/sesame?team=acme",
    team,
    inviter,
    role: "viewer",
    expiresAt: new Date("2026-11-29T12:00:00Z"),
  });

test("an invitation says who, whereto, as what and until when, with one link", () => {
  const { subject, text } = invite("Acme Ads", "Grace Hopper");
  expect(subject).toBe("Grace Hopper invites you to Acme Ads on Latchkey");
  expect(text).toContain("Grace Hopper invites you to work in the team Acme Ads on Latchkey, as viewer.");
  expect(text).toContain("until 29 November 2026.");
  expect(text.match(/https?:/g)).toHaveLength(1);
});

test("no name becomes markup, and none makes a second line of a subject", { timeout: 30_000 }, () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (team, inviter) => {
      const { subject, html } = invite(team, inviter);
      expect(subject).not.toMatch(/[\r\n]/);
      expect(html.match(/<(?!\/?(?:p|a|html|body|!doctype)\b)/gi)).toBeNull();
      expect(html.match(/<a /g)).toHaveLength(1);
    }),
  );
  expect(invite('<img src=x onerror="alert(1)">', "a'b&c").html).toContain(
    "a&#39;b&amp;c invites you to work in the team &lt;img src=x onerror=&quot;alert(1)&quot;&gt;",
  );
});

test("a name that carries a header, a recipient or the end of the mail carries none of them to the server", async () => {
  const mailServer = await startTestMailServer();
  try {
    const settings = loadConfig({ SMTP_URL: mailServer.url }).smtp;
    if (settings === null) throw new Error("There is no mail server in the settings.");
    const deliver = createSmtpDelivery(settings);
    const hostile = [
      "x\r\nBcc: mallory@globex.example\r\n\r\nbody",
      "x\nTo: mallory@globex.example",
      "x\r\n.\r\nMAIL FROM:<mallory@globex.example>",
      "x\u2028Bcc: mallory@globex.example",
      "=?utf-8?q?x=0D=0ABcc:_mallory@globex.example?=",
      "x".repeat(500),
    ];
    for (const name of hostile) await deliver(invite(name, name), new AbortController().signal);
    expect(mailServer.mails.map(({ recipients }) => recipients)).toEqual(hostile.map(() => ["ada@acme.example"]));
    for (const { headers, to, raw } of mailServer.mails) {
      expect(to?.map(({ address }) => address)).toEqual(["ada@acme.example"]);
      expect(headers.filter(({ key }) => key === "to")).toHaveLength(1);
      expect(headers.filter(({ key }) => ["bcc", "cc"].includes(key))).toEqual([]);
      expect(raw.split("\r\n\r\n")[0]).not.toMatch(/^(?:Bcc|MAIL FROM)/im);
    }
  } finally {
    await mailServer.close();
  }
});
