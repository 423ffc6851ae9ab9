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

/** So many in one run of the script: Redis does nothing else while it runs. */
const MAX_BUCKETS = 64;

/** In braces: the part by which a Cluster chooses the node. All keys of a deployment are on one, with the mark. */
const keyOf = (namespace: string, name: string) => `latchkey:{${namespace}}:${name}`;
const markOf = (namespace: string) => keyOf(namespace, "in-use");

/** For a deployment that starts with Redis: nothing was counted before, so nothing is taken over. */
export async function markAsFirst(redis: RedisCommands, namespace: string): Promise<void> {
  await redis.send(["SET", markOf(namespace), "1 0", "NX"]);
}

/**
 * Buckets of all processes in Redis 7 or Valkey, by its clock. They expire when they are full. What arrives while the
 * server has others to read is decided together, by one run of the script.
 */
export function createRedisStore({ redis, namespace, generation, onOutdated }: Options): RedisStore {
  let waiting = new Map<string, BucketCall[]>();

  /** Three numbers for each group. */
  const count = async (groups: readonly Group[]): Promise<readonly number[]> => {
    const keys = [markOf(namespace), ...groups.map(({ name }) => keyOf(namespace, name))];
    const reply = await redis.run(COUNT_SCRIPT, keys, [generation, ...groups.flatMap(argumentsOf)]);
    const [refusal, newer = 0] = reply as number[];
    if (refusal !== -1) return reply as number[];
    onOutdated(newer);
    throw new Error(`Redis counts for generation ${newer} of the store in use; this process knows ${generation}.`);
  };

  const send = async (groups: readonly Group[]) => {
    try {
      const counted = await count(groups);
      for (const [index, { calls, kind, policy }] of groups.entries()) {
        const [admitted = 0, tat = 0, fraction = 0] = counted.slice(index * 3, index * 3 + 3);
        const outcome = { calls: calls.length, admitted };
        const decisions = kind === "take" ? describeDecisions(outcome, { tat, fraction }, 0, policy) : [];
        for (const [call, { decided }] of calls.entries()) decided(decisions[call] ?? null);
      }
    } catch (error) {
      for (const { calls } of groups) for (const { failed } of calls) failed(error);
    }
  };

  const flush = () => {
    const queues = waiting;
    waiting = new Map();
    const groups = [...queues].flatMap(([name, queue]) => groupsOf(name, queue));
    for (let sent = 0; sent < groups.length; sent += MAX_BUCKETS) void send(groups.slice(sent, sent + MAX_BUCKETS));
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
      await count([]);
    },
  };
}

/** Calls of one bucket that can be decided at once. */
interface Group {
  readonly name: string;
  readonly kind: BucketCall["kind"];
  readonly policy: RateLimitPolicy;
  readonly calls: readonly BucketCall[];
}

function groupsOf(name: string, queue: BucketCall[]): Group[] {
  const groups: Group[] = [];
  for (let [first] = queue; first !== undefined; [first] = queue) {
    groups.push({ name, kind: first.kind, policy: first.policy, calls: takeAlike(queue) });
  }
  return groups;
}

function argumentsOf({ kind, policy, calls }: Group): number[] {
  return [policy.limit, policy.windowSeconds * 1_000_000, kind === "take" ? calls.length : -calls.length];
}
