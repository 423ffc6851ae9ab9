import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { graphql, rest } from "../../../test/doors.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

/** `.ci/run` asks for 200. */
const ROUNDS = Number(process.env["ROUNDS"] ?? 20);

let server: TestServer;
let story: Story;
let acme: Team;
let person: Person;
let root: Person;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
  person = await story.member(acme, "admin");
  root = await story.superAdmin();
  await story.hurry(root);
});
afterAll(() => server.close());

let address = 0;
/** Needs billing:read, which owners and admins hold. Each from an address of its own: failing keys are limited by it. */
function call(key: string) {
  address += 1;
  return rest(server, { key }, "GET", "/billing/plans", {
    ip: `10.${address >> 16}.${(address >> 8) & 255}.${address & 255}`,
  });
}

async function mutate(by: Person, field: string, input: string): Promise<void> {
  const mutation = `mutation { ${field}(input: { ${input} }) { __typename ... on Error { code message } } }`;
  const { data, errors } = await graphql(server, by, mutation);
  expect([errors, data?.[field].__typename]).toEqual([[], `${field.charAt(0).toUpperCase()}${field.slice(1)}Payload`]);
}
const addAgain = async () => {
  const member = { teamId: acme.id, userId: person.id, role: "admin" } as const;
  return server.services.teams.addMember(await story.contextOf(acme.owner), member);
};
const memberId = async () =>
  (await server.sql<{ id: string }>("SELECT id FROM member WHERE user_id = $1", [person.id]))[0]?.id ?? "";

/** How access ends, what the next call is told, and how the next round begins. */
const ENDINGS: Record<
  string,
  { end: () => Promise<unknown>; refusal: [number, string]; begin: () => Promise<unknown> }
> = {
  demotion: {
    end: async () => mutate(acme.owner, "changeMemberRole", `memberId: "${await memberId()}", role: VIEWER`),
    refusal: [403, "permission_missing"],
    begin: async () => mutate(acme.owner, "changeMemberRole", `memberId: "${await memberId()}", role: ADMIN`),
  },
  removal: {
    end: async () => mutate(acme.owner, "removeMember", `memberId: "${await memberId()}"`),
    refusal: [401, "key_owner_inactive"],
    begin: addAgain,
  },
  leaving: {
    end: () => mutate(person, "leaveTeam", `teamId: "${acme.id}"`),
    refusal: [401, "key_owner_inactive"],
    begin: addAgain,
  },
  "revoking all keys": {
    end: async () => mutate(acme.owner, "revokeMemberApiKeys", `memberId: "${await memberId()}"`),
    refusal: [401, "key_revoked"],
    begin: async () => undefined,
  },
  ban: {
    end: () => mutate(root, "setUserBan", `userId: "${person.id}", banned: true`),
    refusal: [401, "key_owner_inactive"],
    begin: () => mutate(root, "setUserBan", `userId: "${person.id}", banned: false`),
  },
};

test.each(Object.entries(ENDINGS))(
  `${ROUNDS} rounds: after the answer to a %s no call of the key is accepted, with callers in flight all along`,
  async (_what, { end, refusal, begin }) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { secret } = await story.key(person, { permissions: ["billing:read"] });
      expect((await call(secret)).status).toBe(200);
      let isAcknowledged = false;
      const afterwards: unknown[] = [];
      const callers = Array.from({ length: 3 }, async () => {
        for (let calls = 0; calls < 4 || !isAcknowledged; calls += 1) {
          const beganAfter = isAcknowledged;
          const { status, body } = await call(secret);
          if (beganAfter) afterwards.push([status, body.code]);
          // A call that is answered from memory never waits: without this nothing else in the process would have a turn.
          await nextTurn();
        }
      });
      await end();
      isAcknowledged = true;
      const { status, body } = await call(secret);
      await Promise.all(callers);
      for (const answer of [...afterwards, [status, body.code]]) expect(answer).toEqual(refusal);
      await begin();
    }
  },
  ROUNDS * 3_000,
);
