import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { auth, enroll, forgetUsedCodes, signIn, type Authenticator } from "../../../test/authenticator.ts";
import { graphql, me, rest } from "../../../test/doors.ts";
import { removeSecondFactor } from "../../commands/people.ts";
import { PASSWORD, Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let story: Story;
let acme: Team;
let person: Person;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
});
afterAll(() => server.close());

beforeEach(async () => {
  person = await story.member(acme, "admin");
});

const nameOf = async (cookie: string) =>
  (await graphql(server, { ...person, cookie }, "{ viewer { user { id } } }")).data.viewer?.user.id ?? null;
const verify = (cookie: string, code: string) =>
  auth(server, "POST", "/two-factor/verify-totp", { cookie, body: { code } });
const recover = (cookie: string, code: string) =>
  auth(server, "POST", "/two-factor/verify-backup-code", { cookie, body: { code } });

describe("setting up a second factor", () => {
  test("shows a secret and ten recovery codes once, and holds only after one right code", async () => {
    const begun = await auth(server, "POST", "/two-factor/enable", {
      cookie: person.cookie,
      body: { password: PASSWORD },
    });
    expect(begun.body.totpURI).toMatch(/^otpauth:\/\/totp\/Latchkey:/);
    expect(new Set(begun.body.backupCodes).size).toBe(10);
    for (const code of begun.body.backupCodes) expect(code).toMatch(/^[a-hj-km-np-z2-9]{5}-[a-hj-km-np-z2-9]{5}$/);
    expect((await signIn(server, person)).body.twoFactorRedirect).toBeUndefined();
    const { body } = await auth(server, "GET", "/account", { cookie: person.cookie });
    expect(body.secondFactor).toEqual({
      isEnabled: false,
      recoveryCodesLeft: 0,
      requiredBy: [],
      isRequiredByPlatform: false,
    });
  });

  test("needs the password, and is offered to nobody who is not signed in", async () => {
    const enable = (cookie: string, body: object) => auth(server, "POST", "/two-factor/enable", { cookie, body });
    expect((await enable("", { password: PASSWORD })).body.code).toBe("unauthenticated");
    expect((await enable(person.cookie, { password: "wrong password" })).body.code).toBe("INVALID_PASSWORD");
    expect((await enable(person.cookie, {})).body.code).toBe("INVALID_PASSWORD");
    expect((await enable(person.cookie, { password: PASSWORD, method: "otp" })).body.code).toBe("invalid_input");
  });

  test("ends every session that was signed in without it", async () => {
    const other = await signIn(server, person);
    const { cookie } = await enroll(server, person);
    expect(await nameOf(other.cookie)).toBeNull();
    expect(await nameOf(person.cookie)).toBeNull();
    expect(await nameOf(cookie)).toBe(person.id);
  });

  test("is recorded, as is giving it up", async () => {
    const { cookie } = await enroll(server, person);
    const disabled = await auth(server, "POST", "/two-factor/disable", { cookie, body: { password: PASSWORD } });
    expect(disabled.status).toBe(200);
    const events = await server.sql<{ action: string }>(
      "SELECT action FROM audit_event WHERE actor_id = $1 AND action LIKE 'second_factor.%' ORDER BY at",
      [person.id],
    );
    expect(events.map(({ action }) => action)).toEqual(["second_factor.enabled", "second_factor.disabled"]);
    expect((await signIn(server, person)).body.twoFactorRedirect).toBeUndefined();
  });

  test("keeps the secret and the recovery codes encrypted", async () => {
    const { recoveryCodes } = await enroll(server, person);
    const [row] = await server.sql("SELECT * FROM two_factor WHERE user_id = $1", [person.id]);
    for (const code of recoveryCodes) expect(JSON.stringify(row)).not.toContain(code);
  });
});

describe("signing in with a second step", () => {
  let app: Authenticator;
  beforeEach(async () => {
    app = await enroll(server, person);
  });

  test("opens nothing before the code, and everything after it", async () => {
    const begun = await signIn(server, person);
    expect(begun.body).toEqual({ twoFactorRedirect: true, twoFactorMethods: ["totp"] });
    expect(begun.cookie).not.toContain("session_token");
    expect(await nameOf(begun.cookie)).toBeNull();
    const done = await verify(begun.cookie, app.code());
    expect(done.status).toBe(200);
    expect(await nameOf(done.cookie)).toBe(person.id);
  });

  test("takes a code as it is read out, and tells no token", async () => {
    const begun = await signIn(server, person);
    const code = app.code();
    const done = await verify(begun.cookie, ` ${code.slice(0, 3)} ${code.slice(3)} `);
    expect(done.status).toBe(200);
    expect(JSON.stringify(done.body)).not.toContain("token");
    const session = await auth(server, "GET", "/get-session", { cookie: done.cookie });
    expect(session.body.session.id).toMatch(/^session_/);
    expect(JSON.stringify(session.body)).not.toContain("oken");
  });

  test("refuses a wrong code, and what is no code at all", async () => {
    const begun = await signIn(server, person);
    const wrong = app.code() === "000000" ? "000001" : "000000";
    expect((await verify(begun.cookie, wrong)).body.code).toBe("INVALID_CODE");
    for (const code of ["", "12345", "1234567", "abcdef", "１２３４５６"])
      expect((await verify(begun.cookie, code)).status).toBe(422);
    expect((await verify("", app.code())).body.code).toBe("INVALID_TWO_FACTOR_COOKIE");
    expect((await verify(begun.cookie, app.code())).status).toBe(200);
  });

  test("refuses a code that was used, whatever sign-in it comes with, and takes the next one", async () => {
    const [first, second] = [await signIn(server, person), await signIn(server, person)];
    const code = app.code(1);
    expect((await verify(first.cookie, code)).status).toBe(200);
    const again = await verify(second.cookie, code);
    expect([again.status, again.body.code]).toEqual([401, "CODE_ALREADY_USED"]);
    expect((await verify(second.cookie, app.code())).body.code).toBe("CODE_ALREADY_USED");
    await forgetUsedCodes(server, person);
    expect((await verify(second.cookie, app.code())).status).toBe(200);
  });

  test("lets one of several at once in with the same code", async () => {
    for (let round = 0; round < 3; round += 1) {
      await forgetUsedCodes(server, person);
      const begun = await Promise.all(Array.from({ length: 3 }, () => signIn(server, person)));
      const code = app.code();
      const answers = await Promise.all(begun.map(({ cookie }) => verify(cookie, code)));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401]);
    }
  });

  const TOO_MANY = ["TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE", "ACCOUNT_TEMPORARILY_LOCKED"];
  test("is shut for a while after ten wrong codes in a row, also for the right one", async () => {
    const wrong = app.code() === "000000" ? "000001" : "000000";
    for (let round = 0; round < 2; round += 1) {
      const { cookie } = await signIn(server, person);
      for (let attempt = 0; attempt < 5; attempt += 1) await verify(cookie, wrong);
      expect((await verify(cookie, app.code())).body.code).toBe(TOO_MANY[round]);
    }
    await forgetUsedCodes(server, person);
    const { cookie } = await signIn(server, person);
    const locked = await verify(cookie, app.code());
    expect([locked.status, locked.body.code]).toEqual([429, "ACCOUNT_TEMPORARILY_LOCKED"]);
    await server.sql("UPDATE two_factor SET locked_until = now() - interval '1 second' WHERE user_id = $1", [
      person.id,
    ]);
    expect((await verify(cookie, app.code())).status).toBe(200);
  });

  test("a recovery code works once, however it is typed, also when two come at once", async () => {
    const [used = "", raced = ""] = app.recoveryCodes;
    const first = await recover((await signIn(server, person)).cookie, used.replace("-", " ").toUpperCase());
    expect([first.status, await nameOf(first.cookie)]).toEqual([200, person.id]);
    const again = await recover((await signIn(server, person)).cookie, used);
    expect([again.status, again.body.code]).toEqual([401, "INVALID_BACKUP_CODE"]);
    const begun = [await signIn(server, person), await signIn(server, person)];
    const answers = await Promise.all(begun.map(({ cookie }) => recover(cookie, raced)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const { body } = await auth(server, "GET", "/account", { cookie: first.cookie });
    expect(body.secondFactor.recoveryCodesLeft).toBe(8);
  });

  test("new recovery codes put an end to the old ones", async () => {
    const renewed = await auth(server, "POST", "/two-factor/generate-backup-codes", {
      cookie: app.cookie,
      body: { password: PASSWORD },
    });
    expect(renewed.body.backupCodes).toHaveLength(10);
    const old = await recover((await signIn(server, person)).cookie, app.recoveryCodes[0] ?? "");
    expect(old.body.code).toBe("INVALID_BACKUP_CODE");
    expect((await recover((await signIn(server, person)).cookie, renewed.body.backupCodes[0])).status).toBe(200);
  });

  test("no device is trusted, and no session is left out, by what a caller adds", async () => {
    const begun = await signIn(server, person);
    const trusting = await auth(server, "POST", "/two-factor/verify-totp", {
      cookie: begun.cookie,
      body: { code: app.code(), trustDevice: true },
    });
    expect([trusting.status, trusting.body.code]).toEqual([422, "invalid_input"]);
  });

  test("a session that came to be without a code opens nothing, by whatever way it did", async () => {
    const { cookie } = await verify((await signIn(server, person)).cookie, app.code());
    expect(await nameOf(cookie)).toBe(person.id);
    await server.sql("UPDATE session SET second_factor_at = NULL WHERE user_id = $1", [person.id]);
    expect(await nameOf(cookie)).toBeNull();
    expect((await rest(server, { person: { ...person, cookie } }, "GET", "/auth/me")).status).toBe(401);
    const disabling = await auth(server, "POST", "/two-factor/disable", { cookie, body: { password: PASSWORD } });
    expect(disabling.body.code).toBe("unauthenticated");
  });
});

describe("somebody without a password", () => {
  test("sets up a second factor by being signed in, and gives it up by a code", async () => {
    await server.sql("DELETE FROM account WHERE user_id = $1", [person.id]);
    const app = await enroll(server, person);
    const disable = (body: object) => auth(server, "POST", "/two-factor/disable", { cookie: app.cookie, body });
    expect((await disable({})).body.code).toBe("invalid_input");
    const wrong = app.code() === "000000" ? "000001" : "000000";
    expect((await disable({ code: wrong })).body.errors).toEqual([
      { path: ["code"], message: "This code is not right. Enter the one that your authenticator shows now." },
    ]);
    expect((await disable({ code: app.code() })).status).toBe(200);
  });

  test("gets no second guess after ten wrong codes", async () => {
    await server.sql("DELETE FROM account WHERE user_id = $1", [person.id]);
    const app = await enroll(server, person);
    const disable = (code: string) =>
      auth(server, "POST", "/two-factor/disable", { cookie: app.cookie, body: { code } });
    const wrong = app.code() === "000000" ? "000001" : "000000";
    for (let attempt = 0; attempt < 10; attempt += 1) await disable(wrong);
    expect((await disable(app.code())).body.detail).toContain("quarter of an hour");
  });
});

describe("the operator", () => {
  test("takes a lost second factor away, which ends the sessions that had passed it", async () => {
    const app = await enroll(server, person);
    expect(await removeSecondFactor(server.services, person.email)).toBe(true);
    expect(await nameOf(app.cookie)).toBeNull();
    const again = await signIn(server, person);
    expect(await nameOf(again.cookie)).toBe(person.id);
    expect(await removeSecondFactor(server.services, person.email)).toBe(false);
    await expect(removeSecondFactor(server.services, "nobody@acme.example")).rejects.toThrow("There is no person");
    const events = await server.sql(
      "SELECT actor_id, user_agent FROM audit_event WHERE target_id = $1 AND action = 'second_factor.disabled' ORDER BY at DESC",
      [person.id],
    );
    expect(events[0]).toEqual({ actor_id: null, user_agent: "pnpm user:second-factor" });
  });
});

describe("keys", () => {
  test("never pass for a session, and ask for no second factor", async () => {
    const { secret } = await story.key(person);
    await enroll(server, person);
    expect((await me(server, secret)).status).toBe(200);
  });
});
