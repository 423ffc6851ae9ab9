import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../test/test-server.ts";
import { KeyLimitReachedError } from "../platform/domain-error.ts";
import { openDemo, type OpenDemo } from "./open-demo.ts";
import { asPerson } from "./seed-demo.ts";

let server: TestServer;
let demo: OpenDemo | null;

beforeAll(async () => {
  server = await startTestServer({ DEMO: "true" });
  demo = await openDemo({
    config: server.config,
    services: server.services,
    servicesAt: server.servicesAt,
    now: new Date(),
    recordCalls: server.activity.store,
  });
});
afterAll(() => server.close());

const contextOf = async (email: string) => {
  const person = await server.services.accounts.findByEmail(email);
  return asPerson(server.services, person?.id ?? "");
};
const usageOf = async (email: string) => server.services.billing.usage(await contextOf(email));

test("Globex has nine of its ten keys: four of its owner, five of its admin, who is at the creator's cap", async () => {
  expect(await usageOf("owner@globex.example")).toMatchObject({
    activeKeys: { used: 9, limit: 10 },
    ownActiveKeys: { used: 4, limit: 5 },
  });
  expect(await usageOf("admin@globex.example")).toMatchObject({ ownActiveKeys: { used: 5, limit: 5 } });
  const key = { name: "One more", permissions: ["analytics:read"] };
  const create = async (email: string) => server.services.apiKeys.create(await contextOf(email), key);
  const scopeOf = (email: string) =>
    create(email).then(
      () => "made",
      (error: unknown) => (error instanceof KeyLimitReachedError ? error.scope : error),
    );
  expect(await scopeOf("admin@globex.example")).toBe("creator");
  const last = await create("owner@globex.example");
  expect(await scopeOf("owner@globex.example")).toBe("team");
  await server.services.apiKeys.revoke(await contextOf("owner@globex.example"), { id: last.apiKey.id });
});

test("Acme is on a plan without a cap", async () => {
  expect(await usageOf("owner@acme.example")).toMatchObject({ activeKeys: { limit: null } });
});

test("the demo plays the product around for its own teams alone", async () => {
  const { teams } = server.services;
  const figures = async (slug: string) => {
    const team = await teams.findBySlug(slug);
    return demo?.usageSource(team?.id ?? "", AbortSignal.timeout(1_000));
  };
  expect([await figures("acme-ads"), await figures("globex-media")]).toEqual([
    { adAccounts: 6, monthlyAdSpendUsd: 41_250 },
    { adAccounts: 2, monthlyAdSpendUsd: 8_640 },
  ]);
  expect(await demo?.usageSource("team_of_somebody_else", AbortSignal.timeout(1_000))).toBeNull();
});

test("a month of calls is told that fits each key's life, its last use and the counts by hour", async () => {
  const keys = await server.sql<{ name: string; rows: number; problem: string | null }>(`
    SELECT k.name, (SELECT count(*)::int FROM activity a WHERE a.key_id = k.id) AS rows, concat_ws(', ',
             CASE WHEN EXISTS (SELECT FROM activity a WHERE a.key_id = k.id AND a.at < k.created_at) THEN 'called before it was made' END,
             CASE WHEN EXISTS (SELECT FROM activity a WHERE a.key_id = k.id AND a.at > now()) THEN 'called in the future' END,
             CASE WHEN EXISTS (SELECT FROM activity a WHERE a.key_id = k.id AND a.at > least(k.revoked_at, k.expires_at)
                                AND coalesce(a.code, '') NOT IN ('key_revoked', 'key_expired')) THEN 'answered after its end' END,
             CASE WHEN u.last_used_at IS DISTINCT FROM
                       (SELECT max(a.at) FROM activity a WHERE a.key_id = k.id AND coalesce(a.code, '') NOT IN ('key_revoked', 'key_expired'))
                  THEN 'another last use' END,
             CASE WHEN (SELECT coalesce(sum(a.calls), 0) FROM activity a WHERE a.key_id = k.id)
                       <> (SELECT coalesce(sum(h.calls), 0) FROM activity_hour h WHERE h.subject = k.id) THEN 'another count' END) AS problem
      FROM api_key k LEFT JOIN api_key_last_used u ON u.key_id = k.id`);
  expect(keys.filter(({ problem }) => problem !== "")).toEqual([]);
  const calls = keys.reduce((sum, { rows }) => sum + rows, 0);
  expect(calls).toBeGreaterThan(5_000);
  expect(calls).toBeLessThan(40_000);
  const codes = await server.sql<{ code: string }>("SELECT DISTINCT code FROM activity_hour ORDER BY code");
  expect(codes.map(({ code }) => code)).toEqual(
    expect.arrayContaining(["", "key_expired", "key_revoked", "permission_missing", "rate_limited"]),
  );
});
