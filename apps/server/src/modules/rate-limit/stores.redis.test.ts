import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { START, testStore, type TimedStores } from "../../../test/rate-limit-store-model.ts";
import { startRedis, type RedisServer } from "../../../test/redis-server.ts";
import { rateLimitPolicy } from "./gcra.ts";
import { createRedisConnection, type RedisConnection } from "./redis-connection.repository.ts";
import { redisScript, type RedisScript } from "./redis-script.ts";
import { createRedisStore, markAsFirst, type RedisCommands } from "./redis-store.repository.ts";

let server: RedisServer;
let redis: RedisConnection;

beforeAll(async () => {
  server = await startRedis();
  redis = createRedisConnection({ url: server.url, logger: pino({ level: "silent" }), onOpen: () => undefined });
  await redis.start();
});
afterAll(async () => {
  redis.stop();
  await server.stop();
});

const newNamespace = () => randomBytes(6).toString("hex");
const keyOf = (namespace: string, name: string) => `latchkey:{${namespace}}:${name}`;
const open = (namespace: string, generation = 1, onOutdated: (newer: number) => void = () => undefined) =>
  createRedisStore({ redis, namespace, generation, onOutdated });

describe("the redis store", () => {
  // What it asks of Redis goes through this, whose clock says what it is told, and whose keys live by no other clock.
  const TOLD = `
    local real = redis
    local redis = { call = function(name, ...)
      if name == 'TIME' then return { real.call('GET', 'told:seconds'), real.call('GET', 'told:rest') } end
      if name == 'SET' then return real.call('SET', select(1, ...), (select(2, ...))) end
      return real.call(name, ...)
    end }`;
  const scripts = new Map<RedisScript, RedisScript>();
  const told: RedisCommands = {
    send: (command) => redis.send(command),
    run(script, keys, args) {
      const shadowed = scripts.get(script) ?? redisScript(`${TOLD}${script.text}`);
      scripts.set(script, shadowed);
      return redis.run(shadowed, keys, args);
    },
  };
  const timed: TimedStores = {
    async open(takenOverAt) {
      const namespace = newNamespace();
      const since = takenOverAt === null ? 0 : START + takenOverAt;
      await redis.send(["SET", keyOf(namespace, "in-use"), `1 ${since}`]);
      return createRedisStore({ redis: told, namespace, generation: 1, onOutdated: () => undefined });
    },
    async setClock(now) {
      const at = START + now;
      await redis.send(["MSET", "told:seconds", String(Math.floor(at / 1e6)), "told:rest", String(at % 1e6)]);
    },
  };

  testStore(() => timed, 200);
});

test("a bucket is gone from Redis when it is full, and nothing else expires", async () => {
  const namespace = newNamespace();
  const store = open(namespace);
  await markAsFirst(redis, namespace);
  for (let call = 0; call < 3; call += 1) await store.take("key:a", rateLimitPolicy(60, 60));
  const left = Number(await redis.send(["PTTL", keyOf(namespace, "key:a")]));
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(3_001);
  await store.take("key:full", rateLimitPolicy(60, 60));
  await store.giveBack("key:full", rateLimitPolicy(60, 60));
  expect(await redis.send(["EXISTS", keyOf(namespace, "key:full")])).toBe(0);
  expect(await redis.send(["PTTL", keyOf(namespace, "in-use")])).toBe(-1);
});

test("a Redis that was emptied gives every key one token, and what refills", async () => {
  const namespace = newNamespace();
  const store = open(namespace);
  await markAsFirst(redis, namespace);
  const policy = rateLimitPolicy(100, 3_600);
  expect(await store.take("key:a", policy)).toMatchObject({ isAdmitted: true, remaining: 99 });
  await server.command("FLUSHALL");
  expect(await store.take("key:a", policy)).toMatchObject({ isAdmitted: true, remaining: 0 });
  expect(await store.take("key:a", policy)).toMatchObject({ isAdmitted: false });
  expect(await store.take("key:b", policy)).toMatchObject({ isAdmitted: true, remaining: 0 });
});

test("scripts that Redis forgot are told to it again", async () => {
  const store = open(newNamespace());
  await store.take("key:a", rateLimitPolicy(10, 60));
  await server.command("SCRIPT", "FLUSH");
  const policy = rateLimitPolicy(10, 60);
  const decisions = await Promise.all(["b", "c", "d"].map(async (name) => store.take(`key:${name}`, policy)));
  expect(decisions.map(({ isAdmitted }) => isAdmitted)).toEqual([true, true, true]);
});

test("a process that has not heard of a change counts nothing, and is told", async () => {
  const namespace = newNamespace();
  const heard: number[] = [];
  const policy = rateLimitPolicy(10, 60);
  const outdated = open(namespace, 1, (newer) => void heard.push(newer));
  await outdated.take("key:a", policy);
  await open(namespace, 3).take("key:a", policy);
  await expect(outdated.take("key:a", policy)).rejects.toThrow("generation 3");
  expect(heard).toEqual([3]);
});

test("deployments that share a Redis do not share buckets", async () => {
  const policy = rateLimitPolicy(1, 60);
  const [one, other] = [open(newNamespace()), open(newNamespace())];
  expect((await one.take("key:a", policy)).isAdmitted).toBe(true);
  expect((await other.take("key:a", policy)).isAdmitted).toBe(true);
  expect((await one.take("key:a", policy)).isAdmitted).toBe(false);
});
