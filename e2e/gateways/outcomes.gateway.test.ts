import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findFreePort } from "../../apps/server/src/platform/database/postgres-process.ts";
import { buildStalePage } from "../../scripts/generate-stale.ts";
import { callWithKey, signIn, type Session } from "../client.ts";
import { signalPostgres } from "../postgres-processes.ts";
import { endProducts, startProduct, type Product } from "../product.ts";
import { startGateway, type Gateway } from "./gateway.ts";
import { call, CALLER, startGuardedService, type GuardedService, type Received } from "./guarded-service.ts";
import { INSTALLED } from "./kinds.ts";

let product: Product;
let service: GuardedService;
let owner: Session;
let operator: Session;
/** May launch campaigns; the printed key may only read them. */
let launcher: { id: string; secret: string };
let me: { user: { id: string }; team: { id: string }; key: { id: string; effectivePermissions: string[] } };

beforeAll(async () => {
  await buildStalePage();
  product = await startProduct({ env: { TRUST_PROXY: "127.0.0.1" } });
  service = await startGuardedService();
  owner = await signIn(product);
  operator = await signIn(product, "super@latchkey.example");
  launcher = await owner.createKey("Launcher", ["campaigns:read", "campaigns:launch"]);
  me = (await callWithKey(product, product.printedKey)).body as typeof me;
});
afterAll(async () => {
  await endProducts();
  await service.close();
});

const withKey = (secret: string) => [["x-api-key", secret]] as const;
const LAUNCH = { method: "POST", path: "/campaigns/spring/launch" } as const;

async function setSubscription(change: object): Promise<void> {
  const { body } = await operator.graphql(
    "mutation ($input: SetTeamSubscriptionInput!) { setTeamSubscription(input: $input) { __typename } }",
    { input: { teamId: me.team.id, ...change } },
  );
  expect(body).toEqual({ data: { setTeamSubscription: { __typename: "SetTeamSubscriptionPayload" } } });
}

/** The caller is told all that Latchkey said, and the service never hears of the call. */
function expectRefusal(answer: Received, status: number, code: string): void {
  expect([answer.status, answer.body?.code, answer.body?.status]).toEqual([status, code, status]);
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(service.calls).toEqual([]);
}

describe.each(INSTALLED)("$name", (kind) => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway(kind, { latchkey: product.port, service: service.port });
  });
  afterAll(() => gateway.stop());
  beforeEach(() => void (service.calls.length = 0));

  const get = (secret: string) => call(gateway.port, { path: "/campaigns", headers: withKey(secret) });
  const pass = () =>
    (service.calls[0] ?? []).filter(([name]) => /^x.(latchkey|api)/.test(name)).toSorted((a, b) => (a < b ? -1 : 1));
  const truePass = () => [
    ["x-latchkey-key", me.key.id],
    ["x-latchkey-permissions", me.key.effectivePermissions.join(" ")],
    ["x-latchkey-plan", "growth"],
    ["x-latchkey-team", me.team.id],
    ["x-latchkey-user", me.user.id],
  ];

  test("lets a key pass that may: the service is told who calls, and never the key", async () => {
    const answer = await get(product.printedKey);
    expect([answer.status, answer.body.data.length]).toEqual([200, 2]);
    expect(service.calls).toHaveLength(1);
    expect(pass()).toEqual(truePass());
    expect(JSON.stringify(service.calls)).not.toContain(product.printedKey);
  });

  test("takes away whatever a caller claims about themselves, in every spelling", async () => {
    const forged = ["X-Latchkey-User", "x-latchkey-user", "X-LATCHKEY-TEAM", "x_latchkey_user", "x-latchkey_plan"];
    const claims = [...forged, "x-latchkey-problem"].map((name) => [name, "forged"] as const);
    await call(gateway.port, { path: "/campaigns", headers: [...claims, ...withKey(product.printedKey), ...claims] });
    expect(pass()).toEqual(truePass());
    expect(JSON.stringify(service.calls)).not.toContain("forged");
  });

  test("passes on method, query and body of a call that may", async () => {
    const headers = withKey(launcher.secret);
    const answer = await call(gateway.port, {
      ...LAUNCH,
      path: `${LAUNCH.path}?at=once`,
      headers,
      body: '{"now":true}',
    });
    expect([answer.status, answer.body.isRunning]).toEqual([200, true]);
    expect(service.calls[0]).toContainEqual(["content-length", "12"]);
  });

  test("401: no key, a mistyped one, two, a revoked one; a cookie is no key", async () => {
    const gone = await owner.createKey("Gone", ["campaigns:read"]);
    expect((await get(gone.secret)).status).toBe(200);
    service.calls.length = 0;
    await owner.revokeKey(gone.id);
    const two = [...withKey(product.printedKey), ...withKey(launcher.secret)];
    const cookie = owner.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    for (const [headers, code] of [
      [[], "key_missing"],
      [[["cookie", cookie]], "key_missing"],
      [withKey("lk_mistyped"), "key_malformed"],
      [two, "key_malformed"],
      [withKey(gone.secret), "key_revoked"],
    ] as const) {
      const answer = await call(gateway.port, { path: "/campaigns", headers });
      expectRefusal(answer, 401, code);
      expect(answer.headers.get("www-authenticate")).toBe('ApiKey realm="latchkey", header="x-api-key"');
    }
  });

  test("403: the permission is named, and what is sent along goes nowhere", async () => {
    const answer = await call(gateway.port, {
      ...LAUNCH,
      headers: withKey(product.printedKey),
      body: "x".repeat(50_000),
    });
    expectRefusal(answer, 403, "permission_missing");
    expect(answer.body.requiredPermission).toBe("campaigns:launch");
    expect(answer.headers.get("ratelimit-policy")).toBe('"key";q=600;w=60');
    expect(answer.headers.get("ratelimit")).toMatch(/^"key";r=\d+;t=\d+$/);
  });

  test("402: with where to pay", async () => {
    await setSubscription({ status: "CANCELED" });
    try {
      const answer = await get(product.printedKey);
      expectRefusal(answer, 402, "subscription_inactive");
      expect(answer.body.billingUrl).toContain(product.url);
      expect(answer.headers.has("retry-after")).toBe(false);
    } finally {
      await setSubscription({ status: "ACTIVE" });
    }
  });

  test("429: with when to come back", async () => {
    const { secret } = await owner.createKey("Busy", ["campaigns:read"]);
    await setSubscription({ requestsPerMinute: 1 });
    try {
      expect((await get(secret)).status).toBe(200);
      service.calls.length = 0;
      const answer = await get(secret);
      expectRefusal(answer, 429, "rate_limited");
      expect(answer.headers.get("retry-after")).toMatch(/^[1-9]\d?$/);
      expect(answer.headers.get("ratelimit-policy")).toBe('"key";q=1;w=60');
    } finally {
      await setSubscription({ requestsPerMinute: null });
    }
  });

  test("503: while Latchkey's database is away, and after it the call passes again", async () => {
    signalPostgres(product.dataDir, "SIGSTOP");
    try {
      const answer = await get(product.printedKey);
      expectRefusal(answer, 503, "unavailable");
      expect(answer.headers.get("retry-after")).toBe("2");
      expect(answer.body.requestId).toMatch(/^req_/);
    } finally {
      signalPostgres(product.dataDir, "SIGCONT");
    }
    await expect.poll(async () => (await get(product.printedKey)).status).toBe(200);
  });

  test("503: while there is no Latchkey, and while it does not answer", async () => {
    const silent = createServer();
    await once(silent.listen(0, "127.0.0.1"), "listening");
    for (const latchkey of [await findFreePort(), (silent.address() as AddressInfo).port]) {
      const alone = await startGateway(kind, { latchkey, service: service.port });
      try {
        const answer = await call(alone.port, { path: "/campaigns", headers: withKey(product.printedKey) });
        expectRefusal(answer, 503, "unavailable");
        expect(answer.headers.get("retry-after")).toBe("2");
        expect(alone.logs()).toContain("/campaigns");
        expect(alone.logs()).not.toContain(product.printedKey);
      } finally {
        await alone.stop();
      }
    }
    silent.close();
  });

  test.each([
    "GET /",
    "GET /campaigns/",
    "GET /Campaigns",
    "GET //campaigns",
    "GET /campaigns/spring/launch",
    "DELETE /campaigns",
    "POST /campaigns",
    "POST /campaigns/spring/launch/",
    "POST /campaigns%2Fspring%2Flaunch",
    "POST /campaigns/spring/launch/../../../campaigns",
    "GET /campaigns/spring/..",
    "GET /_latchkey",
    "GET /api/v1/verify",
  ])("%s is in no list, so it is 404, with whatever key", async (listed) => {
    const [method = "", path = ""] = listed.split(" ");
    const answer = await call(gateway.port, { method, path, headers: withKey(launcher.secret) });
    expect([answer.status, service.calls]).toEqual([404, []]);
  });

  test("tells Latchkey whom the call came from, whatever the caller says about it", async () => {
    await call(gateway.port, {
      path: "/campaigns",
      headers: [...withKey(launcher.secret), ["x-forwarded-for", "203.0.113.9"]],
    });
    const lastUsedIp = async () => {
      const { body } = await owner.graphql("query ($id: ID!) { apiKey(id: $id) { lastUsedIp } }", { id: launcher.id });
      return (body as { data: { apiKey: { lastUsedIp: string } } }).data.apiKey.lastUsedIp;
    };
    await expect.poll(lastUsedIp).toBe(CALLER);
  });

  test("logs every call, and no key, whatever it was answered", () => {
    const logs = gateway.logs();
    for (const status of [200, 401, 402, 403, 404, 429, 503]) expect(logs).toMatch(new RegExp(`\\b${status}\\b`));
    for (const secret of [product.printedKey, launcher.secret, "lk_mistyped"]) expect(logs).not.toContain(secret);
  });
});

test("nginx tells those who pass what is left of their limit", async () => {
  const nginx = INSTALLED.find(({ name }) => name === "nginx");
  if (nginx === undefined) throw new Error("There is no nginx here.");
  const gateway = await startGateway(nginx, { latchkey: product.port, service: service.port });
  const answer = await call(gateway.port, { path: "/campaigns", headers: withKey(product.printedKey) });
  await gateway.stop();
  expect([answer.status, answer.headers.get("ratelimit-policy")]).toEqual([200, '"key";q=600;w=60']);
  expect(answer.headers.get("ratelimit")).toMatch(/^"key";r=\d+;t=\d+$/);
});
