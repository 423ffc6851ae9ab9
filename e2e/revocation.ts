import { setTimeout as sleep } from "node:timers/promises";
import { callWithKey, type Session } from "./client.ts";
import type { Launched } from "./product.ts";

export interface RevocationRun {
  /** Requests that began after the acknowledgement and were let in. Has to be 0. */
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
  /** Between two requests of a poller. */
  readonly pauseMilliseconds: number;
  /** What happens to them just before a revocation, and as soon as it is acknowledged. */
  readonly before?: () => Promise<unknown>;
  readonly after?: () => void;
}

/** Revokes keys one after the other while pollers use them on all servers. */
export async function revokeUnderLoad(options: Options): Promise<RevocationRun> {
  const { servers, sessions, revocations, pollers, pauseMilliseconds, before, after } = options;
  let current = { secret: "", acknowledgedAt: Number.POSITIVE_INFINITY };
  let isOver = false;
  let acceptedAfter = 0;
  let acceptedBefore = 0;
  const acknowledgements: number[] = [];

  const poll = async (poller: number) => {
    const server = servers[poller % servers.length];
    while (!isOver && server !== undefined) {
      const key = current;
      const beganAt = performance.now();
      const answer = key.secret === "" ? null : await callWithKey(server, key.secret).catch(() => null);
      if (answer?.status === 200 && beganAt > key.acknowledgedAt) acceptedAfter += 1;
      if (answer?.status === 200 && key.acknowledgedAt === Number.POSITIVE_INFINITY) acceptedBefore += 1;
      await sleep(pauseMilliseconds);
    }
  };
  const polling = Promise.all(Array.from({ length: pollers }, (_, poller) => poll(poller)));

  for (let revocation = 0; revocation < revocations; revocation += 1) {
    const session = sessions[revocation % sessions.length];
    if (session === undefined) throw new Error("Nobody is signed in.");
    const { id, secret } = await session.createKey(`Revoked ${revocation}`);
    const key = { secret, acknowledgedAt: Number.POSITIVE_INFINITY };
    current = key;
    // Every server has it in memory by then.
    await Promise.all(servers.map((server) => callWithKey(server, secret).catch(() => null)));
    await before?.();
    const startedAt = performance.now();
    await session.revokeKey(id);
    key.acknowledgedAt = performance.now();
    after?.();
    acknowledgements.push(key.acknowledgedAt - startedAt);
    const answers = await Promise.all(servers.map((server) => callWithKey(server, secret).catch(() => null)));
    acceptedAfter += answers.filter((answer) => answer?.status === 200).length;
  }
  isOver = true;
  await polling;
  return { acceptedAfter, acceptedBefore, acknowledgements };
}
