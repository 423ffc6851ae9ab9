import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findFreePort } from "../apps/server/src/platform/database/postgres-process.ts";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import { generateSecret } from "../packages/key-format/src/secret.ts";
import { call, callWithKey, signIn, type Session } from "./client.ts";
import { lockKeys } from "./key-lock.ts";
import { postgresUrl } from "./postgres-processes.ts";
import { endProducts, startProduct, type Product } from "./product.ts";
import { tracesIn, tracesInFolder, type SoughtSecret } from "./secret-traces.ts";

afterAll(endProducts);

test("keys made and used in every right and wrong way leave no secret on the disk and none in the log", async () => {
  const metricsPort = await findFreePort();
  const product = await startProduct({ env: { LOG_LEVEL: "trace", METRICS_PORT: String(metricsPort) } });
  const owner = await signIn(product);
  const { secret } = await owner.createKey("Used everywhere");
  const overRest = await createOverRest(owner);
  const mistyped = mistype(secret);
  const unknown = generateSecret("lk", randomBytes);
  for (const key of [secret, overRest, mistyped, unknown]) await useEverywhere(product, owner, key);
  const { secret: unread } = await owner.createKey("Never used before");
  await makeDatabaseFail(product, owner, unread);
  const peppers = await secretsOf(product);

  const told = await whatItTells(owner, metricsPort);
  await runSql(postgresUrl(product.dataDir), "CHECKPOINT");
  await product.stop();

  const keys: SoughtSecret[] = [
    { name: "the used key", secret },
    { name: "the key made over REST", secret: overRest },
    { name: "the mistyped key", secret: mistyped },
    { name: "the unknown key", secret: unknown },
    { name: "the key of an outage", secret: unread },
  ];
  const printed = { name: "the printed key", secret: product.printedKey };
  expect(await tracesInFolder(product.dataDir, [...keys, printed])).toEqual([]);
  expect(await tracesInFolder(join(product.dataDir, "postgres"), peppers)).toEqual([]);

  for (const [place, text] of Object.entries(told))
    expect(tracesIn(text, place, [...keys, printed, ...peppers])).toEqual([]);

  const [beforeKey = "", afterKey, ...more] = product.output().split(product.printedKey);
  expect(more).toEqual([]);
  expect(beforeKey).toMatch(/curl -H 'x-api-key: $/);
  expect(tracesIn(beforeKey + afterKey, "log", [...keys, printed, ...peppers])).toEqual([]);
  // It was not silent: what failed was logged, with the secrets left out.
  expect(product.output()).toContain("The database could not be asked");
});

async function createOverRest(owner: Session): Promise<string> {
  const input = { name: "Made over REST", permissions: ["analytics:read"] };
  const { status, body } = await owner.post("/api/v1/api-keys", input);
  expect(status).toBe(201);
  return (body as { key: string }).key;
}

/** One character another. */
function mistype(secret: string): string {
  const wrong = secret[20] === "A" ? "B" : "A";
  return secret.slice(0, 20) + wrong + secret.slice(21);
}

/** Everywhere somebody may put a key, whether it belongs there or not. */
async function useEverywhere(product: Product, owner: Session, key: string): Promise<void> {
  const variables = { input: { name: key, permissions: [key] } };
  await callWithKey(product, key);
  await callWithKey(product, ` "${key}"`);
  await callWithKey(product, key, `/api/v1/api-keys/${key}?key=${key}`);
  await call(product, `/api/v1/auth/me?x-api-key=${key}&token=${key}`);
  await call(product, `/settings/team/api-keys?key=${encodeURIComponent(key)}`);
  await call(product, "/api/v1/auth/me", {
    headers: { authorization: `Bearer ${key}`, cookie: `session_token=${key}` },
  });
  await call(product, "/api/v1/auth/me", { headers: { "user-agent": key, referer: `http://localhost/?k=${key}` } });
  await call(product, `/api/auth/${key}`, { headers: { origin: `http://${key}.example` } });
  await owner.post("/api/v1/api-keys", { name: "Refused", permissions: [key], [key]: key, expiresInDays: key });
  await owner.post("/api/v1/api-keys", key);
  await owner.post("/api/auth/sign-in/email", { email: `${key}@acme.example`, password: key });
  await owner.graphql(`{ apiKey(id: "${key}") { id } }`);
  await owner.graphql(`{ apiKey(id: "${key}") { ${key} } }`);
  await owner.graphql("query ($id: ID!) { apiKey(id: $id) { id } }", { id: key });
  await owner.graphql("query ($first: Int) { apiKeys(first: $first) { nodes { id } } }", { first: key });
  await owner.graphql("query ($s: String) { apiKeys(filter: { search: $s }) { nodes { id } } }", { s: key });
  await owner.graphql(
    "mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { __typename } }",
    variables,
  );
}

/**
 * Errors of the database carry their statements along: these fail with secrets among their parameters. The key must not
 * have been used before: those that were are in the server's memory.
 */
async function makeDatabaseFail(product: Product, owner: Session, key: string): Promise<void> {
  const { released } = await lockKeys(product.dataDir, 1.5);
  const variables = { input: { name: `Never made ${key}`.slice(0, 64), permissions: ["analytics:read"] } };
  const answers = await Promise.all([
    callWithKey(product, key),
    callWithKey(product, key, `/api/v1/api-keys/${key}`),
    owner.graphql("mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { __typename } }", variables),
  ]);
  await released;
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
}

/** What the server says of all that happened, to those who may ask. */
async function whatItTells(owner: Session, metricsPort: number): Promise<Record<string, string>> {
  const metrics = await (await fetch(`http://localhost:${metricsPort}/metrics`)).text();
  expect(metrics).toContain("latchkey_requests_total");
  const [auditLog, keys] = await Promise.all([owner.get("/api/v1/audit-log"), owner.get("/api/v1/api-keys")]);
  expect([auditLog.status, keys.status]).toEqual([200, 200]);
  return { metrics, "audit log": JSON.stringify(auditLog.body), keys: JSON.stringify(keys.body) };
}

async function secretsOf({ dataDir }: Product): Promise<SoughtSecret[]> {
  const file = JSON.parse(await readFile(join(dataDir, "secrets.json"), "utf8")) as {
    betterAuthSecret: string;
    apiKeyPeppers: { secret: string }[];
  };
  return [
    { name: "the sessions' secret", secret: file.betterAuthSecret },
    ...file.apiKeyPeppers.map(({ secret }) => ({ name: "a pepper", secret })),
  ];
}
