import { createEmailVerificationToken } from "better-auth/api";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestMailServer, type ReceivedMail, type TestMailServer } from "../../test/mail-server.ts";
import { PASSWORD, Story, type Person } from "../../test/story.ts";
import { startTestServer, type TestServer } from "../../test/test-server.ts";
import { graphql } from "../../test/doors.ts";

const SECRET = "uN7cQ2vXk9RzLw4TtYbHs8JdPfGm5AeKq1oC";
const NEW_PASSWORD = "another horse battery";

let mailServer: TestMailServer;
let open: TestServer;
let invited: TestServer;
let story: Story;

beforeAll(async () => {
  mailServer = await startTestMailServer();
  const settings = { SMTP_URL: mailServer.url, BETTER_AUTH_SECRET: SECRET, MAIL_FROM: "Keys <keys@acme.example>" };
  [open, invited] = await Promise.all([startTestServer({ ...settings, SIGN_UP: "open" }), startTestServer(settings)]);
  story = new Story(open);
});
afterAll(async () => {
  await Promise.all([open.close(), invited.close()]);
  await mailServer.close();
});
beforeEach(() => mailServer.behave("accept"));

let address = 0;
async function post(path: string, body: unknown, options: { to?: TestServer; headers?: object; ip?: string } = {}) {
  address += 1;
  const server = options.to ?? open;
  const response = await server.fetch(`/api/auth${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.origin, ...options.headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ip: options.ip ?? `10.7.${address >> 8}.${address & 255}`,
  });
  const text = await response.text();
  const { code } = (text.startsWith("{") ? JSON.parse(text) : {}) as { code?: string };
  return { status: response.status, code, text, headers: response.headers };
}

/** An address that has no account, and was not asked about before: requests are limited by address. */
const nobody = (): string => `nobody-${(address += 1)}@acme.example`;
const tokenOf = ({ link }: ReceivedMail): string => new URL(link).searchParams.get("token") ?? "";
const requestReset = (email: string, to?: TestServer) =>
  post("/request-password-reset", { email }, to === undefined ? {} : { to });
const reset = (token: string, newPassword = NEW_PASSWORD) => post("/reset-password", { token, newPassword });
const signIn = (email: string, password: string, to?: TestServer) =>
  post("/sign-in/email", { email, password }, to === undefined ? {} : { to });
const signUp = (email: string, to?: TestServer) =>
  post("/sign-up/email", { email, name: "New Person", password: PASSWORD }, to === undefined ? {} : { to });
const confirm = (token: string) => post("/verify-email", { token });
const isConfirmed = async (email: string, server = open) =>
  (await server.sql<{ email_verified: boolean }>(`SELECT email_verified FROM "user" WHERE email = $1`, [email]))[0]
    ?.email_verified;
const viewerOf = async (person: Person) =>
  (await graphql(open, person, "{ viewer { user { email } } }")).data.viewer as unknown;

/** Everything but what differs for each request. */
const shapeOf = ({ status, text, headers }: Awaited<ReturnType<typeof post>>) => [
  status,
  text,
  [...headers].filter(([name]) => !["x-request-id", "date"].includes(name)),
];

describe("a lost password", () => {
  test("is replaced through a mailed link, once; every session ends, and the owner is told", async () => {
    const person = await story.personWithoutTeam();
    expect((await requestReset(` ${person.email.toUpperCase()} `)).status).toBe(200);
    const mail = await mailServer.mailTo(person.email);
    expect(mail.from).toEqual({ name: "Keys", address: "keys@acme.example" });
    expect(mail.link).toMatch(new RegExp(`^${open.origin}/reset-password\\?token=[\\w-]{32}$`));
    const token = tokenOf(mail);
    const stored = await open.sql("SELECT row_to_json(v) FROM verification v");
    expect(stored).not.toEqual([]);
    expect(JSON.stringify([stored, open.logLines])).not.toContain(token);

    expect((await reset(token)).status).toBe(200);
    expect(await viewerOf(person)).toBeNull();
    expect((await signIn(person.email, PASSWORD)).status).toBe(401);
    expect((await signIn(person.email, NEW_PASSWORD)).status).toBe(200);
    const told = await mailServer.mailTo(person.email, 2);
    expect([told.subject, told.link]).toEqual(["Your Latchkey password was changed", `${open.origin}/forgot-password`]);
    const again = await reset(token, "a third horse battery");
    expect([again.status, again.code]).toEqual([400, "INVALID_TOKEN"]);
    expect((await signIn(person.email, NEW_PASSWORD)).status).toBe(200);
  });

  test("is not replaced after an hour, nor by a token that is made up or cut off", async () => {
    const person = await story.personWithoutTeam();
    await requestReset(person.email);
    const token = tokenOf(await mailServer.mailTo(person.email));
    await open.sql("UPDATE verification SET expires_at = now() - interval '1 second' WHERE value = $1", [person.id]);
    const answers = await Promise.all([token, token.slice(0, -1), "0".repeat(32), person.id].map((one) => reset(one)));
    expect(answers.map(({ status, code }) => [status, code])).toEqual(answers.map(() => [400, "INVALID_TOKEN"]));
    expect((await signIn(person.email, PASSWORD)).status).toBe(200);
  });

  test("a used link ends the others of the same person, and of nobody else", async () => {
    const [person, other] = [await story.personWithoutTeam(), await story.personWithoutTeam()];
    await requestReset(other.email);
    await requestReset(person.email);
    const first = tokenOf(await mailServer.mailTo(person.email));
    await requestReset(person.email);
    const second = tokenOf(await mailServer.mailTo(person.email, 2));
    expect((await reset(second)).status).toBe(200);
    expect((await reset(first)).code).toBe("INVALID_TOKEN");
    expect((await reset(tokenOf(await mailServer.mailTo(other.email)))).status).toBe(200);
  });

  test("is answered the same for somebody, nobody and the banned, and only the first get mail", async () => {
    const [person, banned] = [await story.personWithoutTeam(), await story.personWithoutTeam()];
    await open.sql(`UPDATE "user" SET banned_at = now() WHERE id = $1`, [banned.id]);
    const before = await open.sql("SELECT id FROM verification");
    const answers = [
      await requestReset("nobody@acme.example"),
      await requestReset(banned.email),
      await requestReset(person.email),
    ];
    expect(answers[0]?.text).toBe('{"status":true}');
    expect(new Set(answers.map((answer) => JSON.stringify(shapeOf(answer)))).size).toBe(1);
    await mailServer.mailTo(person.email);
    expect(
      mailServer.mails
        .filter(({ recipients }) => !recipients.includes(person.email))
        .flatMap(({ recipients }) => recipients),
    ).not.toEqual(expect.arrayContaining([expect.stringMatching(`^(?:nobody@acme\\.example|${banned.email})$`)]));
    expect(await open.sql("SELECT id FROM verification")).toHaveLength(before.length + 1);
  });

  test("the ban holds against a link from before it", async () => {
    const person = await story.personWithoutTeam();
    await requestReset(person.email);
    const token = tokenOf(await mailServer.mailTo(person.email));
    await open.sql(`UPDATE "user" SET banned_at = now() WHERE id = $1`, [person.id]);
    await reset(token);
    const answer = await signIn(person.email, NEW_PASSWORD);
    expect([answer.status === 200, answer.headers.getSetCookie()]).toEqual([false, []]);
  });

  test.each(["silent", "later", "refuse"] as const)(
    "with a mail server that answers '%s' the answer is the same, and holds nobody up",
    async (manner) => {
      const person = await story.personWithoutTeam();
      mailServer.behave(manner);
      const answers = [await requestReset(person.email), await requestReset(nobody())];
      expect(answers.map(({ status, text }) => [status, text])).toEqual(answers.map(() => [200, '{"status":true}']));
    },
  );

  test("with a mail server that is away too; the log says so without the address", async () => {
    const gone = await startTestMailServer();
    await gone.close();
    const server = await startTestServer({ SMTP_URL: gone.url });
    const person = await new Story(server).personWithoutTeam();
    expect((await requestReset(person.email, server)).text).toBe('{"status":true}');
    await server.close();
    expect(server.logLines.join("")).toMatch(/A mail was not sent.*|"said":"connect ECONNREFUSED/);
    expect(server.logLines.join("")).not.toMatch(new RegExp(`token=[\\w-]{32}|${person.email}`));
  });

  test("is asked for five times an hour for one address, whether it has an account or not", async () => {
    for (const email of [(await story.personWithoutTeam()).email, nobody()]) {
      const statuses: number[] = [];
      for (let count = 0; count < 6; count += 1) statuses.push((await requestReset(email)).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    }
  });
});

describe("with SIGN_UP=open", () => {
  test("people sign in once they have confirmed their address, which the link does only by the page's button", async () => {
    expect((await signUp("ada@acme.example")).status).toBe(200);
    const mail = await mailServer.mailTo("ada@acme.example");
    expect(mail.link).toMatch(`${open.origin}/verify-email?token=`);
    const early = await signIn("ada@acme.example", PASSWORD);
    expect([early.status, early.code, early.headers.getSetCookie()]).toEqual([403, "EMAIL_NOT_VERIFIED", []]);
    expect((await signIn("ada@acme.example", "not the password")).code).toBe("INVALID_EMAIL_OR_PASSWORD");

    // As a mail scanner, or a page of somebody else, would open it.
    for (const path of [new URL(mail.link).pathname, `/api/auth/verify-email`]) {
      await open.fetch(`${path}?token=${tokenOf(mail)}&callbackURL=https://evil.example`);
    }
    expect(await isConfirmed("ada@acme.example")).toBe(false);
    const answer = await confirm(tokenOf(mail));
    expect([answer.status, answer.headers.get("location"), answer.headers.getSetCookie()]).toEqual([200, null, []]);
    expect((await confirm(tokenOf(mail))).status).toBe(200);
    expect((await signIn("ada@acme.example", PASSWORD)).status).toBe(200);
    expect(open.logLines.join("")).not.toContain(tokenOf(mail));
  });

  test("a sign-in too early sends another link, and so does asking for one", async () => {
    await signUp("grace@acme.example");
    await mailServer.mailTo("grace@acme.example");
    await signIn("grace@acme.example", PASSWORD);
    await mailServer.mailTo("grace@acme.example", 2);
    await post("/send-verification-email", { email: "grace@acme.example" });
    expect((await confirm(tokenOf(await mailServer.mailTo("grace@acme.example", 3)))).status).toBe(200);
  });

  test("asking for a link is answered the same for the unconfirmed, the confirmed and nobody", async () => {
    const person = await story.personWithoutTeam();
    await signUp("joan@acme.example");
    const emails = ["joan@acme.example", person.email, nobody()];
    const answers = await Promise.all(emails.map((email) => post("/send-verification-email", { email })));
    expect(new Set(answers.map((answer) => JSON.stringify(shapeOf(answer)))).size).toBe(1);
    await mailServer.mailTo("joan@acme.example", 2);
    expect(mailServer.mails.some(({ recipients }) => recipients.includes(person.email))).toBe(false);
  });

  test("an address that has an account is told by mail, and answered like a new one", async () => {
    const person = await story.personWithoutTeam();
    const answers = [await signUp(person.email), await signUp("fresh@acme.example")];
    const keys = answers.map(({ status, text }) => [status, Object.keys((JSON.parse(text) as { user: object }).user)]);
    expect(keys[0]?.[0]).toBe(keys[1]?.[0]);
    expect((await mailServer.mailTo(person.email)).subject).toBe("You already have a Latchkey account");
  });

  test("a link that was changed, is late, or was made for another account confirms nothing", async () => {
    await signUp("mary@acme.example");
    const token = tokenOf(await mailServer.mailTo("mary@acme.example"));
    const [head = "", , signature = ""] = token.split(".");
    const forged = Buffer.from('{"email":"mary@acme.example"}').toString("base64url");
    const late = await createEmailVerificationToken(SECRET, "mary@acme.example", undefined, -1);
    const foreign = await createEmailVerificationToken(SECRET, "mary@acme.example", undefined, 60, {
      userId: "user_0",
    });
    const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${forged}.`;
    for (const wrong of [`${head}.${forged}.${signature}`, unsigned, token.slice(0, -2), late, foreign, "x", "é"]) {
      expect((await confirm(wrong)).status).toBe(401);
    }
    expect(await isConfirmed("mary@acme.example")).toBe(false);
  });

  test("a password that was set through a link confirms the address, also by the operator's", async () => {
    await signUp("edith@acme.example");
    const [user] = await open.sql<{ id: string }>(`SELECT id FROM "user" WHERE email = 'edith@acme.example'`);
    const link = await open.services.accounts.createPasswordLink(user?.id ?? "", new Date());
    expect((await reset(new URL(link).searchParams.get("token") ?? "")).status).toBe(200);
    expect((await signIn("edith@acme.example", NEW_PASSWORD)).status).toBe(200);
  });
});

test("nobody is asked to confirm where people are invited: the link was handed to them", async () => {
  const admin = (await new Story(invited).team("Acme Ads")).owner;
  const { data } = await graphql(
    invited,
    admin,
    `
      mutation {
        inviteMember(input: { email: "new@acme.example", role: VIEWER }) {
          ... on InviteMemberPayload {
            isMailed
            invitation {
              link
            }
          }
        }
      }
    `,
  );
  const { link } = data.inviteMember.invitation as { link: string };
  const headers = { "x-latchkey-invitation": link.split("/").at(-1) };
  const body = { email: "new@acme.example", name: "New Person", password: PASSWORD };
  expect((await post("/sign-up/email", body, { to: invited, headers })).status).toBe(200);
  expect((await signIn("new@acme.example", PASSWORD, invited)).status).toBe(200);
  // It is offered all the same.
  const mail = await mailServer.mailTo("new@acme.example", 2);
  await post("/verify-email", { token: tokenOf(mail) }, { to: invited });
  expect(await isConfirmed("new@acme.example", invited)).toBe(true);
});

describe("the routes", () => {
  const ROUTES = ["/request-password-reset", "/send-verification-email", "/verify-email"];

  test.each(ROUTES)("%s is shut where no mail can be sent, and the page learns that", async (path) => {
    const server = await silentServer();
    expect((await post(path, { email: "ada@acme.example", token: "x" }, { to: server })).code).toBe("not_found");
    expect(await (await server.fetch("/api/setup")).json()).toMatchObject({ mail: "none" });
    expect(await (await open.fetch("/api/setup")).json()).toMatchObject({ mail: "sent" });
  });

  test.each(ROUTES)("%s is for our page, by POST, with JSON, and for no key", async (path) => {
    const body = () => (path === "/verify-email" ? { token: "x" } : { email: nobody() });
    const codes = [
      await post(path, body(), { headers: { origin: "https://evil.example" } }),
      await post(path, body(), { headers: { origin: "null" } }),
      await post(path, body(), { headers: { "content-type": "text/plain" } }),
      await post(path, body(), { headers: { "x-api-key": "lk_x" } }),
      await post(path, "{", {}),
      await post(path, [], {}),
      await post(path, { ...body(), redirectTo: "https://evil.example" }),
      await post(path, { ...body(), callbackURL: "https://evil.example" }),
      await post(path, { email: "a@acme.example\nbcc: b@acme.example", token: "" }),
    ].map(({ status }) => status);
    expect(codes).toEqual([403, 403, 415, 403, 400, 422, 422, 422, 422]);
    for (const method of ["GET", "HEAD", "PUT"]) {
      const response = await open.fetch(`/api/auth${path}?token=x&callbackURL=https%3A%2F%2Fevil.example`, {
        method,
        headers: { origin: open.origin, "content-type": "application/json" },
      });
      expect([response.status, response.headers.get("location")]).toEqual([404, null]);
    }
  });

  let silent: Promise<TestServer> | null = null;
  const silentServer = () => (silent ??= startTestServer());
  afterAll(async () => (await silent)?.close());
});
