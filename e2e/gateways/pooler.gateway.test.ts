import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from "../../apps/server/src/platform/database/embedded-postgres.ts";
import { makePepper, makeSecret } from "../../apps/server/src/secrets.ts";
import { quietLog } from "../../apps/server/test/database/quiet-log.ts";
import { callWithKey, OWNER, signIn } from "../client.ts";
import { endProducts, startProduct, type Product } from "../product.ts";
import { startPgBouncer, type PgBouncer } from "./pgbouncer.ts";

// R7 of decision 0018: through a pooler our own heartbeats come back and what others say does not.

const dataDir = mkdtempSync(join(tmpdir(), "latchkey-pooled-"));
let postgres: EmbeddedPostgres;
let pooler: PgBouncer;
let secrets: Record<string, string>;
beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ dataDir: dataDir, log: quietLog, durable: false });
  pooler = await startPgBouncer(postgres.url);
  const pepper = makePepper(new Date());
  secrets = { BETTER_AUTH_SECRET: makeSecret(), API_KEY_PEPPERS: `${pepper.id}:${pepper.secret}`, LIMITER: "postgres" };
});
afterAll(async () => {
  await endProducts();
  await pooler.stop();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Coherence {
  readonly state: string;
  readonly reason: string | null;
}

async function coherenceOf(product: Product): Promise<Coherence> {
  const response = await fetch(`${product.url}/readyz`);
  return ((await response.json()) as { coherence: Coherence }).coherence;
}

test("a pooler in front turns the memory off by itself, and DATABASE_DIRECT_URL brings it back", async () => {
  const direct = await startProduct({ env: { ...secrets, DATABASE_URL: postgres.url, DEMO: "true" } });
  await expect.poll(async () => (await coherenceOf(direct)).state).toBe("leased");

  const pooled = await startProduct({ env: { ...secrets, DATABASE_URL: pooler.url } });
  expect(await coherenceOf(pooled)).toMatchObject({
    state: "unleased",
    reason: expect.stringContaining("DATABASE_DIRECT_URL"),
  });
  const helped = await startProduct({
    env: { ...secrets, DATABASE_URL: pooler.url, DATABASE_DIRECT_URL: postgres.url },
  });
  await expect.poll(async () => (await coherenceOf(helped)).state).toBe("leased");

  const products = [direct, pooled, helped];
  for (const revoking of products) {
    const owner = await signIn(revoking, OWNER);
    const { id, secret } = await owner.createKey("Behind a pooler");
    const statuses = () => Promise.all(products.map(async (product) => (await callWithKey(product, secret)).status));
    expect(await statuses()).toEqual([200, 200, 200]);
    await owner.revokeKey(id);
    expect(await statuses()).toEqual([401, 401, 401]);
  }
});
