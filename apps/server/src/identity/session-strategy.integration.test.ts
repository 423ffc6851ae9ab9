import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { statementsOf } from "../../test/statement-count.ts";
import { Story, type Person, type Team } from "../../test/story.ts";
import { startTestServer, type TestServer } from "../../test/test-server.ts";
import { createReadSession, type ReadSession } from "./session-strategy.ts";

const DAY_SECONDS = 24 * 60 * 60;

let server: TestServer;
let team: Team;
let person: Person;
let session: Record<string, unknown>;
/** As the product reads sessions, and as Better Auth alone would. */
let read: ReadSession;
let readByBetterAuth: ReadSession;

beforeAll(async () => {
  server = await startTestServer();
  const story = new Story(server);
  team = await story.team("Acme Ads");
  person = await story.member(team, "admin");
  const [found] = await server.sql<{ row: Record<string, unknown> }>(
    "SELECT to_jsonb(s) AS row FROM session s WHERE user_id = $1",
    [person.id],
  );
  session = found?.row ?? {};
  const { auth, people, secondFactor } = server.services;
  const missingIn = (standing: Parameters<typeof secondFactor.missingIn>[0]) => secondFactor.missingIn(standing, true);
  const now = () => new Date();
  read = createReadSession({ auth, people, missingIn, now });
  const neverPlain = { ...people, findBySessionToken: async () => null };
  readByBetterAuth = createReadSession({ auth, people: neverPlain, missingIn, now });
});
afterAll(() => server.close());

/** Everything as after the sign-in, but for what is told. Reading a session may change it, so it is done anew each time. */
async function arrange(change: Record<string, unknown> | null, alsoRun: readonly string[]): Promise<void> {
  await server.sql(
    `UPDATE "user" SET banned_at = NULL, ban_expires_at = NULL, two_factor_enabled = false, is_super_admin = false WHERE id = $1`,
    [person.id],
  );
  await server.sql("UPDATE team SET requires_second_factor = false WHERE id = $1", [team.id]);
  await server.sql("INSERT INTO member SELECT $1, $2, $3, 'admin' ON CONFLICT (id) DO UPDATE SET role = 'admin'", [
    person.memberId,
    team.id,
    person.id,
  ]);
  await server.sql("DELETE FROM session WHERE user_id = $1", [person.id]);
  if (change !== null)
    await server.sql("INSERT INTO session SELECT * FROM jsonb_populate_record(NULL::session, $1)", [
      JSON.stringify({ ...session, ...change }),
    ]);
  for (const sql of alsoRun)
    await server.sql(sql.replaceAll(":user", `'${person.id}'`).replaceAll(":team", `'${team.id}'`));
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
const nameOf = (cookie: string) => cookie.slice(0, cookie.indexOf("="));
const tampered = (cookie: string) => cookie.replace(/=(.)/, (_all, first: string) => `=${first === "a" ? "b" : "a"}`);
const asIs = (cookie: string) => cookie;

interface State {
  readonly cookie?: (cookie: string) => string;
  /** Of the row; null: there is none. */
  readonly change?: Record<string, unknown> | null;
  readonly sql?: readonly string[];
  readonly isSomebody: boolean;
}

const STATES: Readonly<Record<string, State>> = {
  "as signed in": { isSomebody: true },
  "no cookie": { cookie: () => "", isSomebody: false },
  "another cookie": { cookie: () => "theme=dark", isSomebody: false },
  "other cookies around": { cookie: (cookie) => `theme=dark; ${cookie};x=1`, isSomebody: true },
  "the cookie twice": { cookie: (cookie) => `${cookie}; ${nameOf(cookie)}=nonsense`, isSomebody: true },
  "a bad one before it": { cookie: (cookie) => `${nameOf(cookie)}=nonsense; ${cookie}`, isSomebody: false },
  "in quotes": { cookie: (cookie) => cookie.replace("=", '="').concat('"'), isSomebody: true },
  "a token that was changed": { cookie: tampered, isSomebody: false },
  "a signature that was changed": { cookie: (cookie) => cookie.replace(/\..(?=[^.]*$)/, "._"), isSomebody: false },
  "no signature": { cookie: (cookie) => cookie.slice(0, cookie.lastIndexOf(".")), isSomebody: false },
  "a name that only begins like ours": { cookie: (cookie) => `x${cookie}`, isSomebody: false },
  "a broken escape": { cookie: (cookie) => `${cookie}%`, isSomebody: false },
  "with a cache cookie that we never set": {
    cookie: (cookie) => `${cookie}; ${nameOf(cookie).replace("token", "data")}=stale`,
    isSomebody: true,
  },
  revoked: { change: null, isSomebody: false },
  "ended a moment ago": { change: { expires_at: inSeconds(-1) }, isSomebody: false },
  "about to end": { change: { expires_at: inSeconds(120) }, isSomebody: true },
  "old enough to be renewed": { change: { expires_at: inSeconds(7 * DAY_SECONDS - 16 * 60) }, isSomebody: true },
  "not yet old enough": { change: { expires_at: inSeconds(7 * DAY_SECONDS - 14 * 60) }, isSomebody: true },
  "of somebody banned": { sql: [`UPDATE "user" SET banned_at = now() WHERE id = :user`], isSomebody: false },
  "of somebody whose ban has ended": {
    sql: [
      `UPDATE "user" SET banned_at = now() - interval '2 h', ban_expires_at = now() - interval '1 h' WHERE id = :user`,
    ],
    isSomebody: true,
  },
  "without the second factor that the person has": {
    sql: [`UPDATE "user" SET two_factor_enabled = true WHERE id = :user`],
    isSomebody: false,
  },
  "with the second factor": {
    change: { second_factor_at: inSeconds(-60) },
    sql: [`UPDATE "user" SET two_factor_enabled = true WHERE id = :user`],
    isSomebody: true,
  },
  "in a team that requires a second factor": {
    sql: ["UPDATE team SET requires_second_factor = true WHERE id = :team"],
    isSomebody: true,
  },
  "of somebody removed from the team": { sql: ["DELETE FROM member WHERE user_id = :user"], isSomebody: true },
  "of somebody with another role": {
    sql: ["UPDATE member SET role = 'viewer' WHERE user_id = :user"],
    isSomebody: true,
  },
  "without a selected team": { change: { active_team_id: null }, isSomebody: true },
  "of a super_admin": { sql: [`UPDATE "user" SET is_super_admin = true WHERE id = :user`], isSomebody: true },
};

describe("a session is the same by our statement and by Better Auth alone", () => {
  test.each(Object.entries(STATES))("%s", async (_what, { cookie = asIs, change = {}, sql = [], isSomebody }) => {
    const headers = new Headers({ cookie: cookie(person.cookie) });
    await arrange(change, sql);
    const ours = await read(headers);
    await arrange(change, sql);
    const theirs = await readByBetterAuth(headers);
    expect(ours).toEqual(theirs);
    expect(ours !== null).toBe(isSomebody);
  });

  test("also when its cookie is renewed", async () => {
    const change = { expires_at: inSeconds(DAY_SECONDS) };
    const headers = new Headers({ cookie: person.cookie });
    await arrange(change, []);
    expect((await read(headers))?.setCookies).toEqual([expect.stringContaining(`${person.cookie};`)]);
  });
});

test("a session in its plain state takes one statement, and none is kept for the next request", async () => {
  const headers = new Headers({ cookie: person.cookie });
  await arrange({}, []);
  const { statements } = await statementsOf(() => read(headers));
  expect(statements).toHaveLength(1);
  await server.sql("DELETE FROM session WHERE user_id = $1", [person.id]);
  expect(await read(headers)).toBeNull();
});
