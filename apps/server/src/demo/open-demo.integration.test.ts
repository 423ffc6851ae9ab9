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
