import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test, vi } from "vitest";
import { startEmbeddedPostgres } from "../apps/server/src/platform/database/embedded-postgres.ts";
import { isAlive } from "../apps/server/src/platform/database/data-dir-lock.ts";
import { findFreePort } from "../apps/server/src/platform/database/postgres-process.ts";
import { quietLog } from "../apps/server/test/database/quiet-log.ts";
import { callWithKey, signIn } from "./client.ts";
import { postgresProcesses } from "./postgres-processes.ts";
import { endProducts, launch, newDataDir, startProduct, whenServing, type Launched } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

// Each start is several processes that load the server.
vi.setConfig({ testTimeout: 180_000 });
afterAll(endProducts);

const WORKERS = 2;
const SEVERAL = { env: { WEB_CONCURRENCY: String(WORKERS) } };

/** The primary's children that are no PostgreSQL. */
function workersOf({ pid, dataDir }: Launched): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  const children = existsSync(file) ? readFileSync(file, "utf8").trim().split(" ").filter(Boolean).map(Number) : [];
  const postgres = new Set(postgresProcesses(dataDir));
  return children.filter((child) => !postgres.has(child));
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended in the meantime.
  }
}

/** What /metrics says of all workers together. */
async function admittedSoFar(metricsPort: number): Promise<number> {
  const text = await (await fetch(`http://localhost:${metricsPort}/metrics`)).text();
  const [, count = "0"] = /^latchkey_requests_total\{door="rest",status="200",code="none"\} (\d+)$/m.exec(text) ?? [];
  return Number(count);
}

/** Each over a connection of its own, so that every worker gets some. */
function askAll(product: Launched, secret: string): Promise<number[]> {
  const calls = Array.from({ length: 4 * WORKERS }, async () => (await callWithKey(product, secret)).status);
  return Promise.all(calls);
}

test("several processes serve as one: a revocation holds in all, a killed one is replaced, a stop is clean", async () => {
  const metricsPort = await findFreePort();
  const product = await startSeededProduct({ env: { ...SEVERAL.env, METRICS_PORT: String(metricsPort) } });
  expect(product.output().match(/Latchkey is running/g)).toHaveLength(1);
  const before = workersOf(product);
  expect(before).toHaveLength(WORKERS);
  const owner = await signIn(product);
  const key = await owner.createKey("Asked of all workers");
  const countedBefore = await admittedSoFar(metricsPort);
  const admitted = await askAll(product, key.secret);
  expect(new Set(admitted)).toEqual(new Set([200]));
  expect(await admittedSoFar(metricsPort)).toBe(countedBefore + admitted.length);
  await owner.revokeKey(key.id);
  expect(new Set(await askAll(product, key.secret))).toEqual(new Set([401]));

  process.kill(before[0] ?? 0, "SIGKILL");
  await expect.poll(() => workersOf(product).filter((pid) => !before.includes(pid))).toHaveLength(1);
  await expect.poll(() => askAll(product, product.printedKey)).not.toContain(503);
  expect(new Set(await askAll(product, product.printedKey))).toEqual(new Set([200]));

  const busy = await launch({ port: product.port, dataDir: await newDataDir(), ...SEVERAL });
  expect(await busy.exit).toEqual({ code: 1, signal: null });
  expect(busy.output().trim()).toBe(
    `Port ${product.port} is taken by another program. Stop that one, or set PORT to another number.`,
  );

  const last = workersOf(product);
  await product.stop();
  expect(last.filter(isAlive)).toEqual([]);
  expect(postgresProcesses(product.dataDir)).toEqual([]);
});

test("when the primary is killed its workers end too, and the next start serves what was there", async () => {
  const killed = await startSeededProduct(SEVERAL);
  const key = await (await signIn(killed)).createKey("Outlives the primary");
  const workers = workersOf(killed);
  process.kill(killed.pid, "SIGKILL");
  await expect.poll(() => workers.filter(isAlive)).toEqual([]);
  await killed.exit;

  const product = await startProduct({ ...SEVERAL, dataDir: killed.dataDir });
  expect(await callWithKey(product, key.secret)).toMatchObject({ status: 200 });
  await product.stop();
});

test("workers that die five times within a minute end the server with the reason", async () => {
  const product = await startSeededProduct(SEVERAL);
  let exit: unknown = null;
  void product.exit.then((how) => (exit = how));
  while (exit === null) {
    for (const pid of workersOf(product)) killIfThere(pid);
    await sleep(50);
  }
  expect(exit).toEqual({ code: 1, signal: null });
  expect(product.output()).toContain("5 workers have ended within 60 seconds, the last with: SIGKILL");
  expect(postgresProcesses(product.dataDir)).toEqual([]);
});

test("two starts at once on one empty database share it: keys of one work at the other, and end there at once", async () => {
  const postgres = await startEmbeddedPostgres({ dataDir: await newDataDir(), log: quietLog, durable: false });
  try {
    const env = {
      DATABASE_URL: postgres.url,
      BETTER_AUTH_SECRET: randomBytes(32).toString("base64url"),
      API_KEY_PEPPERS: `test:${randomBytes(32).toString("base64url")}`,
    };
    const [one, other] = await Promise.all([
      launch({ env: { ...env, DEMO: "true" } }),
      launch({ env: { ...env, DEMO: "false" } }),
    ]);
    await Promise.all([whenServing(one), whenServing(other)]);
    const owner = await signIn(one);
    for (let round = 0; round < 5; round += 1) {
      const key = await owner.createKey(`Made by one, for the other (${round})`);
      expect(await callWithKey(other, key.secret)).toMatchObject({ status: 200 });
      await owner.revokeKey(key.id);
      expect(await callWithKey(other, key.secret)).toMatchObject({ status: 401, code: "key_revoked" });
    }
  } finally {
    await endProducts();
    await postgres.stop();
  }
});
