import { takeAlike, type BucketCall } from "./bucket-calls.ts";
import { describeDecisions, type RateLimitDecision, type RateLimitPolicy } from "./gcra.ts";
import type { RateLimitStore } from "./rate-limit-store.ts";
import { COUNT_SCRIPT, type RedisScript } from "./redis-script.ts";

/** What the store needs of a connection; it rejects at once while there is none. */
export interface RedisCommands {
  run(script: RedisScript, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  send(command: readonly string[]): Promise<unknown>;
}

interface Options {
  readonly redis: RedisCommands;
  /** What this deployment's keys begin with. */
  readonly namespace: string;
  /** Of the store in use, as this process knows it. */
  readonly generation: number;
  /** Redis has been told of a newer one: this process has not heard of a change, or the database lost it. */
  readonly onOutdated: (newer: number) => void;
}

export interface RedisStore extends RateLimitStore {
  /** Looks whether Redis still knows what it was told, so that what it lost is noticed before the next call. */
  mark(): Promise<void>;
}

/** In braces: the part by which a Cluster chooses the node. All keys of a deployment are on one, with the mark. */
const keyOf = (namespace: string, name: string) => `latchkey:{${namespace}}:${name}`;
const markOf = (namespace: string) => keyOf(namespace, "in-use");

/** For a deployment that starts with Redis: nothing was counted before, so nothing is taken over. */
export async function markAsFirst(redis: RedisCommands, namespace: string): Promise<void> {
  await redis.send(["SET", markOf(namespace), "1 0", "NX"]);
}

/**
 * Buckets of all processes in Redis 7 or Valkey, by its clock. They expire when they are full. What arrives while the
 * server has others to read is sent together, and the calls of one bucket are one run of the script.
 */
export function createRedisStore({ redis, namespace, generation, onOutdated }: Options): RedisStore {
  let waiting = new Map<string, BucketCall[]>();

  const count = async (name: string, { limit, windowSeconds }: RateLimitPolicy, tokens: number) => {
    const keys = [markOf(namespace), keyOf(namespace, name)];
    const reply = await redis.run(COUNT_SCRIPT, keys, [generation, limit, windowSeconds * 1_000_000, tokens]);
    const [admitted = 0, ahead = 0, fraction = 0] = reply as number[];
    if (admitted >= 0) return { admitted, bucket: { tat: ahead, fraction } };
    onOutdated(ahead);
    throw new Error(`Redis counts for generation ${ahead} of the store in use; this process knows ${generation}.`);
  };

  const send = async (name: string, kind: BucketCall["kind"], calls: number, policy: RateLimitPolicy) => {
    if (kind === "give back") {
      await count(name, policy, -calls);
      return [];
    }
    const { admitted, bucket } = await count(name, policy, calls);
    return describeDecisions({ calls, admitted }, bucket, 0, policy);
  };

  const flush = () => {
    const queues = waiting;
    waiting = new Map();
    for (const [name, queue] of queues) {
      for (let together = takeAlike(queue); together.length > 0; together = takeAlike(queue)) {
        const [{ kind, policy }] = together as [BucketCall];
        send(name, kind, together.length, policy).then(
          (decisions) => together.forEach(({ decided }, index) => decided(decisions[index] ?? null)),
          (error: unknown) => together.forEach(({ failed }) => failed(error)),
        );
      }
    }
  };

  const enqueue = (name: string, kind: BucketCall["kind"], policy: RateLimitPolicy) =>
    new Promise<RateLimitDecision | null>((decided, failed) => {
      // When all that has arrived at the sockets was read.
      if (waiting.size === 0) setImmediate(flush);
      const queue = waiting.get(name);
      const call = { kind, policy, decided, failed };
      if (queue === undefined) waiting.set(name, [call]);
      else queue.push(call);
    });

  return {
    async take(name, policy) {
      const decision = await enqueue(name, "take", policy);
      if (decision === null) throw new Error("The script that takes tokens decided nothing.");
      return decision;
    },
    async giveBack(name, policy) {
      await enqueue(name, "give back", policy);
    },
    async mark() {
      await count("in-use", { limit: 1, windowSeconds: 1 }, 0);
    },
  };
}
