import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import { startRedis, withTls, type RedisServer } from "../../../test/redis-server.ts";
import { answeredWithin } from "../../../test/within.ts";
import { findFreePort } from "../../platform/database/postgres-process.ts";
import { rateLimitPolicy } from "./gcra.ts";
import { createRedisConnection, type RedisConnection } from "./redis-connection.repository.ts";
import { createRedisStore } from "./redis-store.repository.ts";

const running: { stop(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
});

async function aRedis(options: Parameters<typeof startRedis>[0] = {}): Promise<RedisServer> {
  const server = await startRedis(options);
  running.push(server);
  return server;
}

function connectTo(url: string, onOpen: () => void = () => undefined): RedisConnection {
  const connection = createRedisConnection({ url, logger: pino({ level: "silent" }), onOpen });
  running.push(connection);
  return connection;
}

test("nothing waits for a Redis that is not there, and it is found when it comes", async () => {
  const port = await findFreePort();
  let opened = 0;
  const connection = connectTo(`redis://127.0.0.1:${port}`, () => (opened += 1));
  await connection.start();
  await expect(connection.send(["PING"])).rejects.toThrow("no connection");
  await aRedis({ port });
  await expect.poll(() => connection.isOpen).toBe(true);
  expect([await connection.send(["PING"]), opened]).toEqual(["PONG", 1]);
});

test("a Redis that hangs is left, what is due from it fails, and it is asked again when it answers", async () => {
  const server = await aRedis();
  const connection = connectTo(server.url);
  await connection.start();
  server.process.kill("SIGSTOP");
  const asking = answeredWithin(1_800, () => Promise.all([connection.send(["PING"]), connection.send(["PING"])]));
  await expect(asking).rejects.toThrow("Disconnects");
  expect(connection.isOpen).toBe(false);
  await expect(connection.send(["PING"])).rejects.toThrow("no connection");
  server.process.kill("SIGCONT");
  await expect.poll(() => connection.isOpen).toBe(true);
  expect(await connection.send(["PING"])).toBe("PONG");
});

test("name and password of the address are used with the rights that the manual tells, and wrong ones leave it away", async () => {
  const server = await aRedis();
  const rights = ["get", "set", "del", "time", "eval", "evalsha", "ping"].map((command) => `+${command}`);
  await server.command("ACL", "SETUSER", "limits", "on", ">p@ss", "~latchkey:*", ...rights);
  const right = connectTo(`redis://limits:p%40ss@127.0.0.1:${server.port}/0`);
  const wrong = connectTo(`redis://limits:other@127.0.0.1:${server.port}/0`);
  await Promise.all([right.start(), wrong.start()]);
  expect([right.isOpen, wrong.isOpen]).toEqual([true, false]);
  const store = createRedisStore({ redis: right, namespace: "acl", generation: 1, onOutdated: () => undefined });
  expect(await store.take("key:a", rateLimitPolicy(10, 60))).toMatchObject({ isAdmitted: true });
});

test("rediss:// is TLS, with the authorities that NODE_EXTRA_CA_CERTS adds; a server that none of them has signed stays away", async () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-tls-"));
  running.push({ stop: () => rmSync(folder, { recursive: true }) });
  const port = await findFreePort();
  const { args, certificate } = withTls(folder, port);
  await aRedis({ args });
  expect(await limitedBy(`rediss://127.0.0.1:${port}`, { NODE_EXTRA_CA_CERTS: certificate })).toBe("admitted");
  expect(await limitedBy(`rediss://127.0.0.1:${port}`, {})).toBe("away");
  expect(await limitedBy(`redis://127.0.0.1:${port}`, {})).toBe("away");
});

/** What a process of its own is told: Node.js reads its authorities once, when it starts. */
async function limitedBy(url: string, env: Record<string, string>): Promise<string> {
  const script = new URL("../../../test/take-one-token.ts", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, url], { env });
  return stdout.trim();
}

test("a server that became a replica is left, and asked again when it takes writes", async () => {
  const [server, other] = [await aRedis(), await aRedis()];
  const connection = connectTo(server.url);
  await connection.start();
  await server.command("REPLICAOF", "127.0.0.1", String(other.port));
  await expect(connection.send(["SET", "a", "b"])).rejects.toThrow("READONLY");
  await server.command("REPLICAOF", "NO", "ONE");
  await expect.poll(() => connection.send(["SET", "a", "b"]).catch(() => null)).toBe("OK");
});

test("in a Cluster each deployment's buckets are on one node, which is found by itself", async () => {
  const args = ["--cluster-enabled", "yes"];
  const [one, two] = [await aRedis({ args }), await aRedis({ args })];
  await one.command("CLUSTER", "ADDSLOTSRANGE", "0", "8191");
  await two.command("CLUSTER", "ADDSLOTSRANGE", "8192", "16383");
  await one.command("CLUSTER", "MEET", "127.0.0.1", String(two.port));
  for (const node of [one, two])
    await expect.poll(async () => String(await node.command("CLUSTER", "INFO"))).toContain("cluster_state:ok");

  const policy = rateLimitPolicy(3, 3_600);
  for (const namespace of ["a", "b", "c", "d", "e", "f"]) {
    const connection = connectTo(one.url);
    await connection.start();
    const store = createRedisStore({ redis: connection, namespace, generation: 1, onOutdated: () => undefined });
    // Taken over: one token.
    const first = await Promise.all([1, 2, 3].map(async () => store.take("key:a", policy)));
    const second = await Promise.all([1, 2].map(async (key) => store.take(`key:${key}`, policy)));
    expect(first.map(({ isAdmitted }) => isAdmitted)).toEqual([true, false, false]);
    expect(second.map(({ isAdmitted }) => isAdmitted)).toEqual([true, true]);
  }
  const counts = await Promise.all([one, two].map((node) => node.command("DBSIZE")));
  expect(counts.map((count) => Number(count) > 0)).toEqual([true, true]);
});
