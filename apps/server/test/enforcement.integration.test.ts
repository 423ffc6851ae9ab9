import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createCast, type Cast, type PrincipalName } from "./authorisation/cast.ts";
import { ROWS } from "./authorisation/operations.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

/** What may take access away, and so answers when no process grants it any more (R5). Everything else does not wait. */
const WAITS: ReadonlySet<string> = new Set([
  "Mutation.revokeApiKey",
  "Mutation.revokeMemberApiKeys",
  "Mutation.removeMember",
  "Mutation.leaveTeam",
  "Mutation.changeMemberRole",
  "Mutation.setUserBan",
  "Mutation.setTeamSubscription",
  "DELETE /api-keys/{id}",
  "PATCH /backoffice/teams/{id}",
]);

let server: TestServer;
let cast: Cast;
beforeAll(async () => {
  server = await startTestServer();
  cast = await createCast(server);
});
beforeEach(() => server.sql("TRUNCATE rate_bucket"));
afterAll(() => server.close());

const barriers = () => server.services.coherence.report().barriers;

const CHANGES = ROWS.filter(({ isChanging }) => isChanging).map((row) => {
  const barriers = WAITS.has(row.operation) ? 1 : 0;
  return [row.operation, barriers === 1 ? "waits once, also when repeated" : "does not wait", barriers, row] as const;
});

describe("every operation that changes something:", () => {
  test.each(CHANGES)("%s %s", async (operation, _what, expected, row) => {
    const name = (Object.keys(row.own) as PrincipalName[]).find((candidate) => row.own[candidate] === "ok");
    if (name === undefined) throw new Error(`Nobody may ${operation}`);
    const principal = cast.principals[name];
    const call = await row.call(cast.own, principal);
    const isGraphQL = "query" in call;
    const body = JSON.stringify(isGraphQL ? { query: call.query, variables: call.variables } : call.body);
    for (let time = 0; time < 2; time += 1) {
      const before = barriers();
      await server.fetch(isGraphQL ? "/graphql" : `/api/v1${call.path}`, {
        method: isGraphQL ? "POST" : call.method,
        headers: {
          origin: server.origin,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(principal.kind === "person" ? { cookie: principal.person.cookie } : {}),
          ...(principal.kind === "key" ? { "x-api-key": principal.secret } : {}),
        },
        ...(body === undefined ? {} : { body }),
      });
      expect(barriers() - before).toBe(expected);
    }
    await cast.restore();
  });
});

test("the list above names operations that there are", () => {
  const operations = new Set(ROWS.map(({ operation }) => operation));
  expect([...WAITS].filter((operation) => !operations.has(operation))).toEqual([]);
});
