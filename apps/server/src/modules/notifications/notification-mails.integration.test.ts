import { afterAll, beforeAll, expect, test } from "vitest";
import { auth } from "../../../test/authenticator.ts";
import { graphql } from "../../../test/doors.ts";
import { startTestMailServer, type TestMailServer } from "../../../test/mail-server.ts";
import { Story, type Person } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let mailServer: TestMailServer;
let server: TestServer;
let story: Story;

beforeAll(async () => {
  mailServer = await startTestMailServer();
  server = await startTestServer({ SMTP_URL: mailServer.url });
  story = new Story(server);
});
afterAll(async () => {
  await server.close();
  await mailServer.close();
});

/** A team where an admin has made so many keys, and the owner was told. */
async function teamWithNews(keys: number) {
  const acme = await story.team("Acme Ads");
  const admin = await story.member(acme, "admin");
  for (let made = 1; made <= keys; made += 1) await story.key(admin, { name: `Key ${made}` });
  await server.services.notificationRuns.run(["created"]);
  return { ...acme, admin };
}

const sendDue = () => server.services.notificationMails.sendDue();
const mailsTo = ({ email }: Person) => mailServer.mails.filter(({ recipients }) => recipients.includes(email));
const setMail = (person: Person, body: object) =>
  auth(server, "POST", "/account/notification-mail", { body, cookie: person.cookie });

test("one notification is one mail, with its sentence, the page it is about, and where to turn mails off", async () => {
  const { id, owner } = await teamWithNews(1);
  await sendDue();
  const mail = await mailServer.mailTo(owner.email);
  const [team] = await server.sql<{ slug: string }>("SELECT slug FROM team WHERE id = $1", [id]);
  expect(mail.subject).toBe("Acme Ads: admin created the key “Key 1”.");
  const { pathname, searchParams } = new URL(mail.link);
  expect([pathname, searchParams.get("team")]).toEqual(["/settings/team/api-keys", team?.slug]);
  expect(mail.text).toContain(`To turn them off, go to your account:\n${server.origin}/settings/account`);
  expect(mail.html).toContain(`<a href="${server.origin}/settings/account">`);
});

test("several are one mail that lists them, oldest first; however often it is asked, none is mailed twice", async () => {
  const { owner, admin } = await teamWithNews(3);
  const handedOver = await Promise.all([sendDue(), sendDue(), sendDue()]);
  expect(handedOver.toSorted()).toEqual([0, 0, 1]);
  const mail = await mailServer.mailTo(owner.email);
  expect(mail.subject).toBe("3 notifications from Latchkey");
  expect(mail.text?.match(/created the key “Key \d”/g)).toEqual([1, 2, 3].map((n) => `created the key “Key ${n}”`));
  expect(mail.link).toBe(`${server.origin}/notifications`);
  await sendDue();
  expect([mailsTo(owner).length, mailsTo(admin).length]).toEqual([1, 0]);
});

test("what comes within ten minutes of a mail comes together, in the next", async () => {
  const { owner, admin } = await teamWithNews(1);
  await sendDue();
  await mailServer.mailTo(owner.email);
  for (const name of ["Later", "Latest"]) await story.key(admin, { name });
  await server.services.notificationRuns.run(["created"]);
  expect(await sendDue()).toBe(0);
  await server.sql("UPDATE notification SET mailed_at = mailed_at - interval '11 minutes' WHERE user_id = $1", [
    owner.id,
  ]);
  expect(await sendDue()).toBe(1);
  expect((await mailServer.mailTo(owner.email, 2)).subject).toBe("2 notifications from Latchkey");
});

test("nothing is mailed that was read, is old, or belongs to a team that one has left or is banned from", async () => {
  const read = await teamWithNews(1);
  const mark = "mutation { markAllNotificationsRead(input: {}) { __typename } }";
  expect((await graphql(server, read.owner, mark)).errors).toEqual([]);
  const old = await teamWithNews(1);
  await server.sql("UPDATE notification SET at = at - interval '49 hours' WHERE user_id = $1", [old.owner.id]);
  const left = await teamWithNews(1);
  await server.sql("DELETE FROM member WHERE user_id = $1", [left.owner.id]);
  const banned = await teamWithNews(1);
  await server.sql(`UPDATE "user" SET banned_at = now() WHERE id = $1`, [banned.owner.id]);
  expect(await sendDue()).toBe(0);
});

test("each person turns mails off and on for themselves, and it is in their account", async () => {
  const { owner } = await teamWithNews(1);
  const account = async () => (await auth(server, "GET", "/account", { cookie: owner.cookie })).body.notifications;
  expect(await account()).toEqual({ isMailed: true, canBeMailed: true });
  expect((await setMail(owner, { isMailed: false })).status).toBe(200);
  expect((await setMail(owner, { isMailed: false })).body).toEqual({ isMailed: false });
  expect(await account()).toEqual({ isMailed: false, canBeMailed: true });
  expect(await sendDue()).toBe(0);
  await setMail(owner, { isMailed: true });
  expect(await sendDue()).toBe(1);
  const events = await server.sql<{ isMailed: boolean }>(
    `SELECT (after->>'isMailed')::boolean AS "isMailed" FROM audit_event
      WHERE action = 'account.notification_mail_changed' AND actor_id = $1 ORDER BY at`,
    [owner.id],
  );
  expect(events.map(({ isMailed }) => isMailed)).toEqual([false, true]);
});

test("what is no choice is refused, and nobody chooses for somebody else", async () => {
  const { owner } = await teamWithNews(0);
  expect((await setMail(owner, { isMailed: "yes" })).status).toBe(422);
  expect((await setMail(owner, { isMailed: false, userId: "user_1" })).status).toBe(422);
  expect((await auth(server, "POST", "/account/notification-mail", { body: { isMailed: false } })).status).toBe(401);
});
