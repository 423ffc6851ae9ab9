import type { AuditAction } from "@latchkey/types/audit-events";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createAccountRoutes } from "../src/identity/account-routes.ts";
import { openAuthPaths } from "../src/identity/open-auth-paths.ts";
import { ACCOUNT_WRITES } from "./audit/account-writes.ts";
import { AUDITED_WRITES } from "./audit/audited-writes.ts";
import { auth, enroll, signIn } from "./authenticator.ts";
import { createCast, type Cast, type Principal } from "./authorisation/cast.ts";
import { operationsOfContract } from "./authorisation/contract.ts";
import { ROWS, type Call } from "./authorisation/operations.ts";
import { startTestMailServer, type TestMailServer } from "./mail-server.ts";
import { TestOidcProvider } from "./oidc-provider.ts";
import { Story } from "./story.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

// No change without its event: whoever adds a mutation or a writing route says here what it leaves in the audit log,
// and these tests call it and look.

let mails: TestMailServer;
let provider: TestOidcProvider;
let server: TestServer;
let story: Story;
let cast: Cast;

beforeAll(async () => {
  [mails, provider] = await Promise.all([startTestMailServer(), TestOidcProvider.start()]);
  server = await startTestServer({ ...provider.settings, SMTP_URL: mails.url, SIGN_UP: "open", LIMITER: "postgres" });
  story = new Story(server);
  cast = await createCast(server);
});
beforeEach(() => server.sql("TRUNCATE rate_bucket"));
afterAll(async () => {
  await server.close();
  await Promise.all([provider.stop(), mails.close()]);
});

interface Recorded {
  readonly id: string;
  readonly action: AuditAction;
  readonly actor_id: string | null;
  readonly target_id: string | null;
  readonly team_id: string | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly ip: string | null;
  readonly request_id: string | null;
}

/** What a call leaves in the log. */
async function eventsOf(act: () => Promise<unknown>): Promise<Recorded[]> {
  const before = (await server.sql<Recorded>("SELECT id FROM audit_event")).map(({ id }) => id);
  await act();
  return server.sql<Recorded>("SELECT * FROM audit_event WHERE NOT id = ANY($1) ORDER BY at, id", [before]);
}

const actionsOf = (events: readonly Recorded[]) => [...new Set(events.map(({ action }) => action))].toSorted();

async function send(call: Call, principal: Principal): Promise<void> {
  const isGraphQL = "query" in call;
  const response = await server.fetch(isGraphQL ? "/graphql" : `/api/v1${call.path}`, {
    method: isGraphQL ? "POST" : call.method,
    headers: {
      origin: server.origin,
      "content-type": "application/json",
      ...(principal.kind === "person" ? { cookie: principal.person.cookie } : {}),
    },
    ...(isGraphQL
      ? { body: JSON.stringify(call) }
      : call.body === undefined
        ? {}
        : { body: JSON.stringify(call.body) }),
  });
  const text = await response.text();
  expect(text).not.toMatch(/"code":/);
  expect(response.status).toBeLessThan(300);
}

describe("what changes something in a team", () => {
  const writes = operationsOfContract()
    .map(({ name }) => name)
    .filter((name) => name.startsWith("Mutation.") || !/^(Query\.|GET )/.test(name));

  test("has an entry in the table, each of them", () => {
    expect(writes.length).toBeGreaterThan(15);
    expect(Object.keys(AUDITED_WRITES).toSorted()).toEqual(writes.toSorted());
  });

  const audited = Object.entries(AUDITED_WRITES).flatMap(([name, entry]) =>
    "events" in entry ? [[name, entry] as const] : [],
  );
  test.each(audited)("%s writes its events, with who and from where, in one request", async (name, entry) => {
    const principal = cast.principals[entry.by ?? "owner"];
    const rows = ROWS.filter(({ operation }) => operation === name);
    const calls = entry.call === undefined ? rows.map(({ call }) => call) : [entry.call];
    expect(calls).not.toEqual([]);
    for (const call of calls) {
      const made = await (call as (...args: unknown[]) => Promise<Call> | Call)(
        cast.own,
        entry.call === undefined ? principal : server,
      );
      const events = await eventsOf(() => send(made, principal));
      await cast.restore();
      expect(actionsOf(events)).toEqual(entry.events);
      const [request, ...others] = new Set(events.map(({ request_id: id }) => id));
      expect(request).toMatch(/^req_/);
      expect(others).toEqual([]);
      if (principal.kind === "person")
        expect(new Set(events.map(({ actor_id: id }) => id))).toEqual(new Set([principal.person.id]));
    }
  });

  const unaudited = Object.entries(AUDITED_WRITES).flatMap(([name, entry]) => ("none" in entry ? [name] : []));
  test.each(unaudited)("%s writes none, as the table says", async (name) => {
    const { owner } = cast.principals;
    for (const { call } of ROWS.filter(({ operation }) => operation === name)) {
      const made = await call(cast.own, owner);
      expect(await eventsOf(() => send(made, owner))).toEqual([]);
    }
  });

  test.each([
    ["/audit-log?action=api_key.created", "audit_log.exported", "actions=api_key.created"],
    ["/activity?code=rate_limited", "activity.exported", "codes=rate_limited"],
  ])("taking %s away is in the log, with what was asked for, and reading it is not", async (path, action, filter) => {
    const { owner } = cast.principals;
    const cookie = owner.kind === "person" ? owner.person.cookie : "";
    const read = (accept: string) => () => server.fetch(`/api/v1${path}`, { headers: { cookie, accept } });
    expect(await eventsOf(read("application/json"))).toEqual([]);
    const [exported, ...others] = await eventsOf(read("text/csv"));
    expect(others).toEqual([]);
    expect(exported).toMatchObject({ action, team_id: cast.own.teamId, after: { format: "csv", filter } });
  });
});

describe("what changes an account", () => {
  test("has an entry in the table, each open route of /api/auth that is no plain reading", () => {
    const open = [...openAuthPaths(server.config), ...createAccountRoutes(server.services).keys()];
    const writing = open
      .map((route) => route.replace("/api/auth", "").replace(/\/callback\/.*/, "/callback/{id}"))
      .filter((route) => !["GET /get-session", "GET /account", "GET /account/sessions"].includes(route));
    expect([...new Set(writing)].toSorted()).toEqual(Object.keys(ACCOUNT_WRITES).toSorted());
  });

  const audited = Object.entries(ACCOUNT_WRITES).flatMap(([name, entry]) =>
    "events" in entry ? [[name, entry] as const] : [],
  );
  test.each(audited)("%s writes its events, in no team, with who and from where", async (_name, entry) => {
    const act = await entry.set({ server, story, provider, mails });
    const events = await eventsOf(act);
    expect(actionsOf(events)).toEqual(entry.events);
    for (const event of events) {
      expect(event).toMatchObject({ team_id: null, request_id: expect.stringMatching(/^req_/) });
      expect(event.ip).toMatch(/^10\./);
      expect(event.actor_id).toMatch(/^user_/);
    }
  });

  test("confirming an authenticator is no sign-in", async () => {
    const person = await story.personWithoutTeam();
    expect(actionsOf(await eventsOf(() => enroll(server, person)))).toEqual(["second_factor.enabled"]);
  });

  test("a password alone is no sign-in of somebody with a second factor", async () => {
    const person = await story.personWithoutTeam();
    await enroll(server, person);
    expect(await eventsOf(() => signIn(server, person))).toEqual([]);
  });

  test("signing out without a session leaves nothing", async () => {
    expect(await eventsOf(() => auth(server, "POST", "/sign-out"))).toEqual([]);
  });
});

describe("a failed sign-in", () => {
  test("names the account, nobody as the actor, and nothing that was typed", async () => {
    const person = await story.personWithoutTeam();
    const [event, ...others] = await eventsOf(() => signIn(server, person, "wrong horse battery"));
    expect(others).toEqual([]);
    const after = { method: "password", reason: "wrong_password" };
    expect(event).toMatchObject({ action: "user.sign_in_failed", actor_id: null, target_id: person.id, after });
    expect(JSON.stringify(event)).not.toContain("horse");
  });

  test("for no account is recorded as well, without the address", async () => {
    const [event] = await eventsOf(() => signIn(server, { email: "nobody@acme.example" }, "wrong horse battery"));
    expect(event).toMatchObject({ action: "user.sign_in_failed", actor_id: null, target_id: null });
    expect(JSON.stringify(event)).not.toContain("nobody@");
  });

  test("of a banned person says so", async () => {
    const person = await story.personWithoutTeam();
    await server.sql(`UPDATE "user" SET banned_at = now() WHERE id = $1`, [person.id]);
    const [event] = await eventsOf(() => signIn(server, person));
    expect(event).toMatchObject({ target_id: person.id, after: { reason: "not_allowed" } });
  });

  test("at the second step names who had come that far", async () => {
    const person = await story.personWithoutTeam();
    await enroll(server, person);
    const { cookie } = await signIn(server, person);
    const [event] = await eventsOf(() =>
      auth(server, "POST", "/two-factor/verify-totp", { cookie, body: { code: "000000" } }),
    );
    const after = { method: "second_factor", reason: "wrong_code" };
    expect(event).toMatchObject({ action: "user.sign_in_failed", target_id: person.id, after });
  });

  test("is a failure also when it cannot be recorded: then nobody is told whether the password was right", async () => {
    const person = await story.personWithoutTeam();
    await server.sql("ALTER TABLE audit_event RENAME TO away");
    const answers = [await signIn(server, person), await signIn(server, person, "wrong horse battery")];
    await server.sql("ALTER TABLE away RENAME TO audit_event");
    expect(answers.map(({ status, cookie }) => [status, cookie])).toEqual([
      [500, ""],
      [500, ""],
    ]);
  });
});
