import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PLAN_NAMES, type PlanName } from "@latchkey/types/plans";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { graphql, me, rest } from "../../../test/doors.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

/** The table of spec §3, written down a second time; null is unlimited. */
const TABLE = {
  starter: {
    activeKeysPerTeam: 10,
    activeKeysPerCreator: 5,
    requestsPerMinute: 60,
    adAccounts: 2,
    monthlyAdSpendUsd: 10_000,
  },
  growth: {
    activeKeysPerTeam: null,
    activeKeysPerCreator: null,
    requestsPerMinute: 600,
    adAccounts: 10,
    monthlyAdSpendUsd: 100_000,
  },
  scale: {
    activeKeysPerTeam: null,
    activeKeysPerCreator: null,
    requestsPerMinute: 1_200,
    adAccounts: 50,
    monthlyAdSpendUsd: 1_000_000,
  },
  enterprise: {
    activeKeysPerTeam: null,
    activeKeysPerCreator: null,
    requestsPerMinute: 6_000,
    adAccounts: null,
    monthlyAdSpendUsd: null,
  },
} as const satisfies Record<PlanName, object>;

const KEY = { name: "A key", permissions: ["analytics:read"] };
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { __typename ... on Error { code }
  ... on KeyLimitReachedError { scope } ... on SubscriptionInactiveError { billingUrl supportUrl } } }`;
const REVOKE = `mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }`;
const SUBSCRIPTION = `{ subscription { plan { name } status isUsable requestsPerMinute currentPeriodStart currentPeriodEnd supportUrl } }`;
const USAGE = `{ usage { ${["activeKeys", "ownActiveKeys", "requests", "adAccounts", "monthlyAdSpendUsd"].map((limit) => `${limit} { used limit }`).join(" ")} } }`;

let server: TestServer;
let story: Story;
let team: Team;
let owner: Person;

beforeAll(async () => {
  const usageSource = async (teamId: string) =>
    teamId === team.id ? { adAccounts: 2, monthlyAdSpendUsd: 8_640 } : null;
  server = await startTestServer({}, undefined, usageSource);
  story = new Story(server);
  team = await story.team("Globex Media", "starter");
  ({ owner } = team);
  await hurry();
});
afterAll(() => server.close());

const setSubscription = (column: "plan" | "status" | "requests_per_minute", value: string | number | null) =>
  server.sql(`UPDATE subscription SET ${column} = $2 WHERE team_id = $1`, [team.id, value]);
/** No test is to meet the rate limit. */
const hurry = () => setSubscription("requests_per_minute", 1_000_000);
const setStatus = (status: string) => setSubscription("status", status);
const revokeAll = () =>
  server.sql("UPDATE api_key SET revoked_at = now(), revoked_by_id = created_by_id WHERE revoked_at IS NULL");
const inGraphQL = async (query: string, variables = {}) => (await graphql(server, owner, query, variables)).data;
const inRest = async (path: string) => (await rest(server, { person: owner }, "GET", `/billing/${path}`)).body;
const createInGraphQL = async () => (await inGraphQL(CREATE, { input: KEY })).createApiKey;
const createInRest = () => rest(server, { person: owner }, "POST", "/api-keys", { body: KEY });

describe("the table of plans", () => {
  test("is the same in REST and in GraphQL, there for everybody", async () => {
    const rows = PLAN_NAMES.map((name) => ({ name, ...TABLE[name] }));
    expect((await inRest("plans")).data).toEqual(rows);
    const query =
      "{ plans { name activeKeysPerTeam activeKeysPerCreator requestsPerMinute adAccounts monthlyAdSpendUsd } }";
    const signedOut = (await graphql(server, null, query)).data.plans;
    expect(signedOut).toEqual(rows.map((row) => ({ ...row, name: row.name.toUpperCase() })));
  });

  test.each(PLAN_NAMES)(
    "%s: its limits stand beside what is used, and its rate in the subscription, in both doors",
    async (plan) => {
      await setSubscription("plan", plan);
      await setSubscription("requests_per_minute", null);
      const limits = TABLE[plan];
      const usage = {
        activeKeys: { used: 0, limit: limits.activeKeysPerTeam },
        ownActiveKeys: { used: 0, limit: limits.activeKeysPerCreator },
        requests: { used: expect.any(Number), limit: null },
        adAccounts: { used: 2, limit: limits.adAccounts },
        monthlyAdSpendUsd: { used: 8_640, limit: limits.monthlyAdSpendUsd },
      };
      expect(await inRest("usage")).toEqual(usage);
      expect((await inGraphQL(USAGE)).usage).toEqual(usage);

      const facts = {
        isUsable: true,
        requestsPerMinute: limits.requestsPerMinute,
        currentPeriodEnd: null,
        supportUrl: null,
      };
      expect(await inRest("subscription")).toMatchObject({ plan, status: "trialing", ...facts });
      const { subscription } = await inGraphQL(SUBSCRIPTION);
      expect(subscription).toMatchObject({ plan: { name: plan.toUpperCase() }, status: "TRIALING", ...facts });
      await hurry();
    },
  );

  test.each(PLAN_NAMES)("%s: what it says of active keys is what both doors hold people to", async (plan) => {
    await setSubscription("plan", plan);
    for (let count = 0; count < 12; count += 1) {
      const isCapped = count >= (TABLE[plan].activeKeysPerCreator ?? Number.POSITIVE_INFINITY);
      if (count % 2 === 0) expect((await createInRest()).status).toBe(isCapped ? 409 : 201);
      else expect((await createInGraphQL()).__typename).toBe(isCapped ? "KeyLimitReachedError" : "CreateApiKeyPayload");
    }
    const made = TABLE[plan].activeKeysPerCreator ?? 12;
    expect((await inRest("usage")).activeKeys.used).toBe(made);
    await revokeAll();
  });

  test("what the backoffice agreed for the team goes before the plan's rate, in both doors", async () => {
    await setSubscription("plan", "enterprise");
    await setSubscription("requests_per_minute", 12_345);
    expect((await inRest("subscription")).requestsPerMinute).toBe(12_345);
    expect((await inGraphQL(SUBSCRIPTION)).subscription.requestsPerMinute).toBe(12_345);
    await setSubscription("requests_per_minute", null);
    expect((await inRest("subscription")).requestsPerMinute).toBe(6_000);
    await hurry();
  });
});

describe("what is used", () => {
  test("counts active keys only, the viewer's own apart, and a key's are its creator's", async () => {
    await setSubscription("plan", "starter");
    const admin = await story.member(team, "admin");
    const revoked = await story.key(owner);
    await rest(server, { person: owner }, "DELETE", `/api-keys/${revoked.id}`);
    await story.keyOf(owner, 3, { expiresInDays: 2 });
    await story.key(owner);
    const { secret } = await story.key(admin, { permissions: ["billing:read"] });
    expect(await inRest("usage")).toMatchObject({ activeKeys: { used: 2 }, ownActiveKeys: { used: 1 } });
    await story.key(admin);
    const ofKey = await rest(server, { key: secret }, "GET", "/billing/usage");
    expect(ofKey.body).toMatchObject({ activeKeys: { used: 3, limit: 10 }, ownActiveKeys: { used: 2, limit: 5 } });
    await revokeAll();
  });

  test("of a team that the product around does not know is not made up", async () => {
    const stranger = await story.team("Initech", "starter");
    const { body } = await rest(server, { person: stranger.owner }, "GET", "/billing/usage");
    expect(body).toMatchObject({
      adAccounts: { used: null, limit: 2 },
      monthlyAdSpendUsd: { used: null, limit: 10_000 },
    });
  });
});

interface Route {
  readonly method: string;
  readonly path: string;
  readonly permission: string | null;
}

/** Every route that takes a key, from the printed contract: also those that are added later. */
const KEY_ROUTES: readonly Route[] = (() => {
  const contract = JSON.parse(readFileSync(join(import.meta.dirname, "../../../openapi.json"), "utf8")) as {
    paths: Record<string, Record<string, { security?: object[]; "x-required-permission"?: string }>>;
  };
  return Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { security = [] }]) => security.some((scheme) => "apiKey" in scheme))
      .map(([method, route]) => ({
        method: method.toUpperCase(),
        path: path.replace("/api/v1", "").replace(/\{\w+\}/g, "unknown"),
        permission: route["x-required-permission"] ?? null,
      })),
  );
})();

describe("a subscription", () => {
  test.each(["active", "trialing", "past_due"])(
    "that is %s lets keys be made and used, in both doors",
    async (status) => {
      await setStatus(status);
      expect((await createInGraphQL()).__typename).toBe("CreateApiKeyPayload");
      const { status: answer, body } = await createInRest();
      expect(answer).toBe(201);
      expect((await rest(server, { key: body.key }, "GET", "/auth/me")).status).toBe(200);
      expect(await inRest("subscription")).toMatchObject({ status, isUsable: true });
      expect((await inGraphQL(SUBSCRIPTION)).subscription).toMatchObject({
        status: status.toUpperCase(),
        isUsable: true,
      });
      await revokeAll();
    },
  );

  const ENDED = {
    canceled: () => setStatus("canceled"),
    "of a status that nobody knows": () => setStatus("incomplete_expired"),
    missing: () => server.sql("DELETE FROM subscription WHERE team_id = $1", [team.id]),
  };
  test.each(Object.entries(ENDED))(
    "that is %s stops new keys, and the keys there are on all but their own state and billing",
    async (_what, end) => {
      await setStatus("active");
      const admin = await story.member(team, "admin");
      const { id, secret } = await story.key(admin, {
        permissions: ["billing:read", "api_keys:read", "members:read", "analytics:read", "audit_log:read"],
      });
      const [subscription] = await server.sql("SELECT * FROM subscription WHERE team_id = $1", [team.id]);
      await end();
      try {
        const keysBefore = await server.sql("SELECT id FROM api_key");
        const refused = {
          __typename: "SubscriptionInactiveError",
          billingUrl: `${server.origin}/settings/team/billing`,
        };
        expect(await createInGraphQL()).toMatchObject({ ...refused, supportUrl: null });
        const { status, body } = await createInRest();
        expect([status, body.code, body.billingUrl]).toEqual([402, "subscription_inactive", refused.billingUrl]);
        expect(await server.sql("SELECT id FROM api_key")).toEqual(keysBefore);

        expect(KEY_ROUTES.length).toBeGreaterThan(5);
        for (const { method, path, permission } of KEY_ROUTES) {
          const answer = await rest(server, { key: secret }, method, path, method === "GET" ? {} : { body: {} });
          const isOpen = path === "/auth/me" || permission === "billing:read";
          expect([path, answer.body.code === "subscription_inactive", answer.status === 402]).toEqual([
            path,
            !isOpen,
            !isOpen,
          ]);
          if (!isOpen) expect(answer.body.billingUrl).toBe(refused.billingUrl);
        }
        expect((await me(server, secret)).status).toBe(200);

        // People still see what there is, and revoke it.
        expect((await rest(server, { person: owner }, "GET", `/api-keys/${id}`)).body.blockedReason).toBe(
          "SUBSCRIPTION_INACTIVE",
        );
        expect((await inGraphQL("{ apiKeys { totalCount } }")).apiKeys.totalCount).toBe(keysBefore.length);
        expect((await inGraphQL(REVOKE, { id })).revokeApiKey.__typename).toBe("RevokeApiKeyPayload");
        expect((await rest(server, { person: owner }, "DELETE", `/api-keys/${id}`)).status).toBe(204);
      } finally {
        await server.sql(
          "INSERT INTO subscription SELECT * FROM json_populate_record(NULL::subscription, $1::json) ON CONFLICT (team_id) DO UPDATE SET status = 'active'",
          [JSON.stringify(subscription)],
        );
      }
    },
  );

  test("that is missing is null in GraphQL and not found in REST; one of an unknown status reads as canceled", async () => {
    const [subscription] = await server.sql("SELECT * FROM subscription WHERE team_id = $1", [team.id]);
    await setStatus("incomplete_expired");
    expect(await inRest("subscription")).toMatchObject({ status: "canceled", isUsable: false });
    expect((await inGraphQL(SUBSCRIPTION)).subscription).toMatchObject({ status: "CANCELED", isUsable: false });
    await server.sql("DELETE FROM subscription WHERE team_id = $1", [team.id]);
    for (const path of ["subscription", "usage"]) expect((await inRest(path)).code).toBe("not_found");
    expect(
      await graphql(
        server,
        owner,
        `
          {
            subscription {
              isUsable
            }
            usage {
              activeKeys {
                used
              }
            }
          }
        `,
      ),
    ).toMatchObject({
      data: { subscription: null, usage: null },
      errors: [],
    });
    await server.sql("INSERT INTO subscription SELECT * FROM json_populate_record(NULL::subscription, $1::json)", [
      JSON.stringify(subscription),
    ]);
  });
});
