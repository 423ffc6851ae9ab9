import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from "../apps/server/src/platform/database/embedded-postgres.ts";
import { LISTENER_NAME } from "../apps/server/src/platform/coherence/server-process.repository.ts";
import { makePepper, makeSecret } from "../apps/server/src/secrets.ts";
import { notifyUntilEnded, startDeafListener, usageAfterMore } from "../apps/server/test/coherence/deaf-listener.ts";
import { quietLog } from "../apps/server/test/database/quiet-log.ts";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import { callWithKey, OWNER, signIn, type Session } from "./client.ts";
import { killPostgres } from "./postgres-processes.ts";
import { endProducts, startProduct, type Product } from "./product.ts";
import { revokeUnderLoad } from "./revocation.ts";

// Three processes of their own on one database: what was acknowledged holds in all of them, whatever happens to them.

const PROCESSES = 3;
/** 429 stands for 401 where an address has asked with many keys that failed: the key is judged before. */
const REFUSED = [401, 429];
const dataDir = mkdtempSync(join(tmpdir(), "latchkey-revocation-"));
let postgres: EmbeddedPostgres;
const servers: Product[] = [];
const sessions: Session[] = [];

beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ dataDir, log: quietLog, durable: false });
  // From its next start on, which one test brings about: few notifications then fill the queue.
  await runSql(postgres.url, "ALTER SYSTEM SET max_notify_queue_pages = 64");
  const pepper = makePepper(new Date());
  const secrets = { BETTER_AUTH_SECRET: makeSecret(), API_KEY_PEPPERS: `${pepper.id}:${pepper.secret}` };
  for (let process = 0; process < PROCESSES; process += 1) {
    const env = { ...secrets, DATABASE_URL: postgres.url, LIMITER: "memory", DEMO: process === 0 ? "true" : "false" };
    const server = await startProduct({ env });
    servers.push(server);
    sessions.push(await signIn(server, OWNER));
  }
  await Promise.all(servers.map(untilLeased));
});
afterAll(async () => {
  await endProducts();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function untilLeased(server: Product): Promise<void> {
  const state = async () => {
    const response = await fetch(`${server.url}/readyz`);
    return ((await response.json()) as { coherence: { state: string } }).coherence.state;
  };
  await vi.waitFor(async () => expect(await state()).toBe("leased"), { timeout: 20_000 });
}

const revoke = (revocations: number) =>
  revokeUnderLoad({ servers, sessions, revocations, pollers: 6, intervalMilliseconds: 15 });

test("nobody is let in after the acknowledgement, on none of three processes", async () => {
  const run = await revoke(30);
  expect(run.acceptedAfter).toBe(0);
  expect(run.acceptedBefore).toBeGreaterThan(0);
});

test("nor when listening connections are cut all the while", async () => {
  const cut = async () => {
    await runSql(
      postgres.url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${LISTENER_NAME}' ORDER BY random() LIMIT 1`,
    );
  };
  const cutting = setInterval(() => void cut().catch(() => undefined), 150);
  try {
    expect((await revoke(20)).acceptedAfter).toBe(0);
  } finally {
    clearInterval(cutting);
  }
  await Promise.all(servers.map(untilLeased));
});

test("nor by a process that was frozen meanwhile, as soon as it goes on", async () => {
  const [asleep, awake] = [servers[2], sessions[0]];
  if (asleep === undefined || awake === undefined) throw new Error("Not started.");
  for (let round = 0; round < 3; round += 1) {
    const { id, secret } = await awake.createKey(`Frozen ${round}`);
    for (const server of servers) expect((await callWithKey(server, secret)).status).toBe(200);
    process.kill(asleep.pid, "SIGSTOP");
    try {
      await awake.revokeKey(id);
    } finally {
      // The request is sent before the process goes on, and waits at its socket.
      const late = callWithKey(asleep, secret);
      process.kill(asleep.pid, "SIGCONT");
      expect(REFUSED).toContain((await late).status);
    }
    await untilLeased(asleep);
  }
});

test("nor after PostgreSQL was killed and came back: until then it is 503, and the memory is empty after", async () => {
  const owner = sessions[0];
  if (owner === undefined) throw new Error("Not started.");
  const { id, secret } = await owner.createKey("Before the crash");
  for (const server of servers) expect((await callWithKey(server, secret)).status).toBe(200);
  await killPostgres(dataDir);
  await vi.waitFor(() => owner.revokeKey(id), { timeout: 20_000 });
  for (const server of servers) expect([...REFUSED, 503]).toContain((await callWithKey(server, secret)).status);
  await Promise.all(servers.map(untilLeased));
  for (const server of servers) expect(REFUSED).toContain((await callWithKey(server, secret)).status);
});

test("a listener of ours that does not read is ended before the notification queue is full, and the others serve on", async () => {
  const [setting] = await runSql(postgres.url, "SHOW max_notify_queue_pages");
  expect(setting).toEqual({ max_notify_queue_pages: "64" });
  const deaf = await startDeafListener(postgres.url);
  await notifyUntilEnded(postgres.url, deaf.backend);
  deaf.end();
  await vi.waitFor(async () => expect(await usageAfterMore(postgres.url)).toBeLessThan(0.1), { timeout: 20_000 });
  expect(servers.map(({ output }) => output()).join("")).toContain("listeners that do not read were ended");
  expect((await revoke(3)).acceptedAfter).toBe(0);
  await Promise.all(servers.map(untilLeased));
});
