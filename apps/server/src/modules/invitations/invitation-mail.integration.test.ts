import { afterAll, beforeAll, expect, test } from "vitest";
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

async function invite(person: Person, email: string, to = server) {
  const mutation = `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) {
    ... on InviteMemberPayload { isMailed invitation { id link } } ... on Error { code } } }`;
  const { data } = await graphql(to, person, mutation, { input: { email, role: "MANAGER" } });
  return data.inviteMember as { isMailed: boolean; invitation: { id: string; link: string } };
}

test("an invitation is mailed with the link that the page shows too, and the team it is for", async () => {
  const { owner } = await story.team("Müller & <Söhne>");
  const { isMailed, invitation } = await invite(owner, "ada@acme.example");
  expect(isMailed).toBe(true);
  const mail = await mailServer.mailTo("ada@acme.example");
  const [team] = await server.sql<{ slug: string }>("SELECT slug FROM team WHERE name = 'Müller & <Söhne>'");
  expect(mail.link).toBe(`${invitation.link}?team=${team?.slug}`);
  expect(mail.subject).toBe("Müller & <Söhne> invites you to Müller & <Söhne> on Latchkey");
  expect(mail.text).toContain("as manager.");
  expect(mail.html).toContain("Müller &amp; &lt;Söhne&gt;");
  expect(server.logLines.join("")).not.toContain(invitation.link.split("/").at(-1));
});

test("who is refused causes no mail, and a member is not mailed", async () => {
  const team = await story.team("Quiet");
  const viewer = await story.member(team, "viewer");
  await invite(viewer, "mallory@acme.example");
  await invite(team.owner, viewer.email);
  await invite(team.owner, "last@acme.example");
  await mailServer.mailTo("last@acme.example");
  const recipients = mailServer.mails.flatMap(({ recipients: all }) => all);
  expect(recipients).not.toContain("mallory@acme.example");
  expect(recipients).not.toContain(viewer.email);
});

test("a team mails 50 in an hour; after that links are handed over by hand, which the answer says", async () => {
  const { owner } = await story.team("Eager");
  const answers: boolean[] = [];
  for (let count = 0; count < 51; count += 1) answers.push((await invite(owner, `n${count}@globex.example`)).isMailed);
  expect(answers.filter((isMailed) => isMailed)).toHaveLength(50);
  expect(answers.at(-1)).toBe(false);
});

test("without a mail server the link is all there is", async () => {
  const silent = await startTestServer();
  try {
    const { owner } = await new Story(silent).team("Silent");
    const { isMailed, invitation } = await invite(owner, "ada@acme.example", silent);
    expect([isMailed, invitation.link]).toEqual([false, expect.stringContaining("/accept-invitation/")]);
  } finally {
    await silent.close();
  }
});
