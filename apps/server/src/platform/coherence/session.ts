import pg from "pg";
import type { Lease } from "./lease.ts";
import { parseMessage, type Message } from "./messages.ts";
import {
  acknowledge,
  listen,
  LISTENER_NAME,
  readStanding,
  renew,
  terminateStuckListeners,
  TRIGGERS,
  type Renewal,
  type Standing,
} from "./server-process.repository.ts";

/** Three may be late before the lease is over. */
const HEARTBEAT = 250;

/** After this long without an answer the connection is taken for dead; the lease is over anyway. */
const ANSWER_PATIENCE = 1_500;

/** Of PostgreSQL's notification queue: from here on, listeners that do not read are ended. */
const QUEUE_USAGE_LIMIT = 0.1;

/** Why a connection cannot carry the protocol, now or ever, as a sentence for the operator. */
export class UnfitConnectionError extends Error {
  override readonly name = "UnfitConnectionError";
}

export interface SessionOptions {
  readonly id: string;
  readonly url: string;
  readonly lease: Lease;
  readonly signal: AbortSignal;
  /** Somebody has acknowledged something. */
  readonly onWake: () => void;
  /** After each renewal: null, or why there is no lease. */
  readonly onRenewal: (problem: string | null, queueUsage: number) => void;
  readonly onStuckListeners: (count: number) => void;
}

/**
 * One LISTEN session: a connection of its own over which this process hears, renews its lease and acknowledges. Serves
 * until `signal` or a failure ends it, and rejects with the latter; nothing of it outlives the connection.
 */
export async function runSession(options: SessionOptions): Promise<void> {
  const { id, url, lease, signal } = options;
  const client = new pg.Client({
    connectionString: url,
    application_name: LISTENER_NAME,
    connectionTimeoutMillis: ANSWER_PATIENCE,
    query_timeout: ANSWER_PATIENCE,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => undefined);
  let isOver = false;
  const end = (error: Error) => {
    if (isOver) return;
    isOver = true;
    lease.sessionEnded();
    lost.reject(error);
  };
  client.on("error", end);
  client.on("end", () => end(new Error("The listening connection was closed.")));
  const stop = () => end(new Error("Stopped."));
  signal.addEventListener("abort", stop);
  const acknowledgements = createAcknowledgements(client, id, end);
  client.on("notification", ({ payload }) => {
    // The lease may be another session's by now.
    if (isOver) return;
    const message = parseMessage(payload ?? "");
    lease.receive(message);
    if (message.kind === "barrier") acknowledgements.add(message);
    if (message.kind === "wake") options.onWake();
  });
  try {
    await Promise.race([client.connect(), lost.promise]);
    // Before LISTEN: behind a pooler it would stay with a connection that is somebody else's in a moment.
    assertFit(await readStanding(client), client);
    await listen(client, id);
    lease.sessionStarted();
    for (;;) {
      await Promise.race([beat(client, options), lost.promise]);
      await Promise.race([new Promise((resolve) => setTimeout(resolve, HEARTBEAT)), lost.promise]);
    }
  } catch (error) {
    end(error as Error);
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    // Not waited for: a server that is away would not say goodbye.
    client.end().catch(() => undefined);
  }
}

async function beat(client: pg.Client, options: SessionOptions): Promise<void> {
  const { id, lease, onRenewal, onStuckListeners } = options;
  const number = lease.heartbeatSent();
  const renewal = await renew(client, id, number);
  assertFit(renewal, client);
  const problem = problemOf(renewal);
  if (problem === null) lease.heartbeatCommitted(number, renewal.database_time);
  else lease.endLease();
  onRenewal(problem, renewal.queue_usage);
  if (renewal.queue_usage > QUEUE_USAGE_LIMIT) onStuckListeners(await terminateStuckListeners(client));
}

/** R7, and that this is the primary. Asked with every renewal: a failover or a pooler may come between at any time. */
function assertFit({ backend_pid, is_in_recovery }: Standing, client: pg.Client): void {
  if (backend_pid !== processIdOf(client)) {
    throw new UnfitConnectionError(
      "DATABASE_URL leads through a connection pooler, which does not pass notifications on. Set DATABASE_DIRECT_URL to PostgreSQL itself.",
    );
  }
  if (is_in_recovery) throw new UnfitConnectionError("The database is a standby. Lead DATABASE_URL to the primary.");
}

/** The process that the protocol's BackendKeyData named, at the beginning of the connection. */
function processIdOf(client: pg.Client): number | null {
  return (client as pg.Client & { processID: number | null }).processID;
}

function problemOf({ triggers }: Renewal): string | null {
  if (triggers === TRIGGERS.length) return null;
  return `${TRIGGERS.length - triggers} of the triggers that tell of changes are missing or disabled. Restore them as the migrations made them, with ENABLE ALWAYS.`;
}

/** One at a time, each for all barriers that were heard until it is sent. */
function createAcknowledgements(client: pg.Client, sessionId: string, fail: (error: Error) => void) {
  let newest = 0;
  let waiters = new Set<string>();
  let sending = false;
  const send = async () => {
    sending = true;
    while (waiters.size > 0 || newest > 0) {
      const batch = { number: newest, waiters: [...waiters] };
      newest = 0;
      waiters = new Set();
      await acknowledge(client, sessionId, batch);
    }
    sending = false;
  };
  return {
    add({ number, waiter }: Extract<Message, { kind: "barrier" }>): void {
      newest = Math.max(newest, number);
      if (waiter !== null) waiters.add(waiter);
      if (!sending) send().catch(fail);
    },
  };
}
