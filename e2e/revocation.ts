import { setTimeout as sleep } from "node:timers/promises";
import { callWithKey, type Session } from "./client.ts";
import type { Launched } from "./product.ts";

export interface RevocationRun {
  /** Requests that began after the acknowledgement, and how many of them were let in. The latter has to be 0. */
  readonly askedAfter: number;
  readonly acceptedAfter: number;
  /** Requests that were let in before: a key that never worked proves nothing. */
  readonly acceptedBefore: number;
  /** How long each acknowledgement took, in milliseconds. */
  readonly acknowledgements: readonly number[];
}

interface Options {
  /** All of them are polled, and the revocations go to them in turn. */
  readonly servers: readonly Launched[];
  /** Somebody signed in at each of them. */
  readonly sessions: readonly Session[];
  readonly revocations: number;
  readonly pollers: number;
  /** From one request of a poller to its next. */
  readonly intervalMilliseconds: number;
  /** What happens to them just before a revocation, and as soon as it is acknowledged. */
  readonly before?: () => Promise<unknown>;
  readonly after?: () => void;
  /** Refused revocations are repeated, as their answer says; what is measured is the one that is acknowledged. */
  readonly repeatsRefused?: boolean;
}

interface Key {
  readonly id: string;
  readonly secret: string;
  acknowledgedAt: number;
}

/**
 * Revokes keys one after the other while pollers use them on all servers: in turn the one that is about to go, and the
 * one that went last.
 */
export async function revokeUnderLoad(options: Options): Promise<RevocationRun> {
  const { servers, sessions, revocations, before, after, repeatsRefused = false } = options;
  const keys = await makeKeys(sessions, revocations);
  const counts = { askedAfter: 0, acceptedAfter: 0, acceptedBefore: 0 };
  const acknowledgements: number[] = [];
  let current: Key | undefined;
  let last: Key | undefined;

  const ask = async (server: Launched, key: Key) => {
    const isRevoked = performance.now() > key.acknowledgedAt;
    const answer = await callWithKey(server, key.secret).catch(() => null);
    if (isRevoked) counts.askedAfter += 1;
    if (isRevoked && answer?.status === 200) counts.acceptedAfter += 1;
    if (answer?.status === 200 && key.acknowledgedAt === Number.POSITIVE_INFINITY) counts.acceptedBefore += 1;
  };
  const askAll = (key: Key) => Promise.all(servers.map((server) => ask(server, key)));
  const endPolling = startPolling(options, async (server, request) => {
    const key = request % 2 === 0 ? current : last;
    if (key !== undefined) await ask(server, key);
  });

  for (const [revocation, key] of keys.entries()) {
    const session = atTurn(sessions, revocation);
    current = key;
    // Every server has it in memory by then.
    await askAll(key);
    await before?.();
    acknowledgements.push(await acknowledged(() => session.revokeKey(key.id), repeatsRefused));
    key.acknowledgedAt = performance.now();
    after?.();
    last = key;
    await askAll(key);
  }
  await endPolling();
  return { ...counts, acknowledgements };
}

async function makeKeys(sessions: readonly Session[], count: number): Promise<Key[]> {
  const made = sessions.map(async (session, first) => {
    const keys: Key[] = [];
    for (let place = first; place < count; place += sessions.length)
      keys.push({ ...(await session.createKey(`Revoked ${place}`)), acknowledgedAt: Number.POSITIVE_INFINITY });
    return keys;
  });
  return (await Promise.all(made)).flat();
}

/** Each poller at its pace, evenly apart; the function that comes back ends them. */
function startPolling(
  { servers, pollers, intervalMilliseconds }: Options,
  poll: (server: Launched, request: number) => Promise<void>,
): () => Promise<void> {
  let isOver = false;
  const pollOnAndOn = async (poller: number) => {
    const server = atTurn(servers, poller);
    let dueAt = performance.now() + (poller / pollers) * intervalMilliseconds;
    for (let request = poller; !isOver; request += 1) {
      await sleep(Math.max(0, dueAt - performance.now()));
      await poll(server, request);
      // Who was kept waiting goes on from then: nothing is made up for.
      dueAt = Math.max(dueAt + intervalMilliseconds, performance.now());
    }
  };
  const polling = Promise.all(Array.from({ length: pollers }, (_, poller) => pollOnAndOn(poller)));
  return async () => {
    isOver = true;
    await polling;
  };
}

/** How long it took, in milliseconds. */
async function acknowledged(revoke: () => Promise<void>, repeatsRefused: boolean): Promise<number> {
  for (;;) {
    const startedAt = performance.now();
    try {
      await revoke();
      return performance.now() - startedAt;
    } catch (error) {
      if (!repeatsRefused) throw error;
      await sleep(20);
    }
  }
}

function atTurn<Value>(values: readonly Value[], turn: number): Value {
  const value = values[turn % values.length];
  if (value === undefined) throw new Error("There is nobody to take turns.");
  return value;
}
