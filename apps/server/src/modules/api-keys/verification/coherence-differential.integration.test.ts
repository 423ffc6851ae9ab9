import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rest } from "../../../../test/doors.ts";
import { Story, type Person, type Team } from "../../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../../test/test-server.ts";

// What is kept in memory must not show: two servers of one database, one that remembers and one that never does.

let remembering: TestServer;
let forgetful: TestServer;
let story: Story;
beforeAll(async () => {
  const peppers = { API_KEY_PEPPERS: `test:${randomBytes(32).toString("base64url")}` };
  remembering = await startTestServer({ ...peppers, COHERENCE: "on" });
  forgetful = await startTestServer({ ...peppers, COHERENCE: "off" }, remembering.databaseUrl);
  story = new Story(remembering);
});
afterAll(async () => {
  await forgetful.close();
  await remembering.close();
});

interface Cast {
  readonly team: Team;
  readonly admin: Person;
  readonly keys: readonly { readonly id: string; readonly secret: string }[];
}

const set = (table: string, column: string, value: string, id: string) => (cast: Cast) =>
  remembering.sql(`UPDATE ${table} SET ${value} WHERE ${column} = $1`, [
    { admin: cast.admin.id, team: cast.team.id, key: cast.keys[0]?.id }[id],
  ]);

/** What may happen to a key, its creator and its team. */
const EVENTS: readonly (readonly [string, (cast: Cast) => Promise<unknown>])[] = [
  ["the admin becomes a viewer", set("member", "user_id", "role = 'viewer'", "admin")],
  ["and an owner", set("member", "user_id", "role = 'owner'", "admin")],
  ["the admin is banned", set(`"user"`, "id", "banned_at = now(), ban_expires_at = NULL", "admin")],
  ["until yesterday", set(`"user"`, "id", "banned_at = now(), ban_expires_at = now() - interval '1 day'", "admin")],
  ["the ban ends", set(`"user"`, "id", "banned_at = NULL, ban_expires_at = NULL", "admin")],
  ["the admin is a super_admin", set(`"user"`, "id", "is_super_admin = NOT is_super_admin", "admin")],
  ["the admin has another name", set(`"user"`, "id", "name = name || 'x'", "admin")],
  ["the team has another name", set("team", "id", "name = name || 'x'", "team")],
  ["the subscription ends", set("subscription", "team_id", "status = 'canceled'", "team")],
  ["the subscription is back", set("subscription", "team_id", "status = 'active', plan = 'scale'", "team")],
  ["the limit is another", set("subscription", "team_id", "requests_per_minute = 5000", "team")],
  ["there is no subscription", ({ team }) => remembering.sql("DELETE FROM subscription WHERE team_id = $1", [team.id])],
  ["the key is called something else", set("api_key", "id", "name = 'Renamed'", "key")],
  ["the key is revoked", set("api_key", "id", "revoked_at = coalesce(revoked_at, now())", "key")],
  ["the admin is removed", ({ admin }) => remembering.sql("DELETE FROM member WHERE user_id = $1", [admin.id])],
  [
    "and joins again",
    ({ admin, team }) =>
      remembering.sql(
        "INSERT INTO member (id, team_id, user_id, role) VALUES ($1, $2, $3, 'admin') ON CONFLICT DO NOTHING",
        [`member_${randomBytes(8).toString("hex")}`, team.id, admin.id],
      ),
  ],
];

let addresses = 0;

async function answersOf(server: TestServer, { keys }: Cast) {
  const answers = [];
  // Refused keys are limited by their address, which is not what is compared.
  const ip = `10.0.${Math.floor((addresses += 1) / 250)}.${addresses % 250}`;
  for (const { secret } of keys) {
    for (const path of ["/auth/me", "/billing/plans", "/verify?permission=api_keys:read"]) {
      const { status, body, headers } = await rest(server, { key: secret }, "GET", path, { ip });
      const handedOn = [...headers].filter(([name]) => name === "ratelimit-policy" || name.startsWith("x-latchkey-"));
      answers.push({ path, status, body, handedOn });
    }
  }
  // The id of a request is all in which two answers may differ.
  return JSON.parse(JSON.stringify(answers).replaceAll(/req_\w+/g, "")) as unknown;
}

test("COHERENCE on and off give the same answers, whatever happens", { timeout: 120_000 }, async () => {
  let hits = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(EVENTS.length - 1), { minLength: 8, maxLength: 12 }), async (history) => {
      const team = await story.team("Acme Ads");
      const admin = await story.member(team, "admin");
      const keys = [
        await story.key(admin, { permissions: ["billing:read", "api_keys:read"] }),
        await story.key(admin, { permissions: ["api_keys:read"] }),
        await story.keyOf(admin, 1, { expiresInDays: 1 }),
      ];
      const cast: Cast = { team, admin, keys };
      const told: string[] = [];
      for (const number of history) {
        const [name, happen] = EVENTS[number] ?? ["", async () => undefined];
        told.push(name);
        await happen(cast);
        expect(await answersOf(remembering, cast), told.join(", ")).toEqual(await answersOf(forgetful, cast));
      }
      ({ hits } = remembering.services.keyMemory.report());
    }),
    { numRuns: Number(process.env["ROUNDS"] ?? 4), endOnFailure: true },
  );
  expect(hits).toBeGreaterThan(100);
});
