import { setTimeout as sleep } from "node:timers/promises";
import { randomBytes } from "node:crypto";
import type { Pool } from "pg";
import type { DatabaseLog } from "../database/database-log.ts";
import { createAlarm, type Alarm } from "./alarm.ts";
import { PATIENCE, waitForProcesses, type ProcessRow } from "./barrier.ts";
import type { Coherence, CoherenceReport } from "./coherence.ts";
import { Lease } from "./lease.ts";
import { createServerProcessRepository, type ServerProcessRepository } from "./server-process.repository.ts";
import { runSession, UnfitConnectionError } from "./session.ts";

/** Until the next LISTEN session is tried: soon after a loss, rarely where it cannot work. */
const PAUSE = 200;
const UNFIT_PAUSE = 5_000;

/** Rows that have not moved between two looks are of processes that crashed. */
const SWEEP = 5_000;

export interface CoherenceOptions {
  /** To PostgreSQL itself, for LISTEN; null: nothing is kept in memory. */
  readonly directUrl: string | null;
  /** For barriers: may lead through a pooler. */
  readonly pool: Pool;
  readonly log: DatabaseLog;
}

export interface RunningCoherence extends Coherence {
  /** When the database is migrated. Resolves with the first lease, or when it is known that there is none yet. */
  start(): Promise<void>;
  /** Forgets everything, and takes this process out of what barriers wait for. */
  stop(): Promise<void>;
}

const clocks = { monotonic: () => performance.now(), wall: () => Date.now() };

export function createCoherence({ directUrl, pool, log }: CoherenceOptions): RunningCoherence {
  const repository = createServerProcessRepository(pool);
  const listeners: ((subject: string) => void)[] = [];
  const alarms = new Set<Alarm>();
  const wake = () => alarms.forEach((alarm) => alarm.ring());
  const stopping = new AbortController();
  const lease = new Lease({ clocks, forget: (subject) => listeners.forEach((forget) => forget(subject)) });
  const counts = { renewals: 0, sessions: 0, barriers: 0, queueUsage: 0 };
  let sessionId: string | null = null;
  let reason: string | null = directUrl === null ? "COHERENCE=off" : "The server is starting.";
  let running: Promise<unknown> = Promise.resolve();

  const sayWhy = (problem: string | null, cause?: unknown) => {
    if (problem === reason) return;
    reason = problem;
    if (problem === null) log.info({}, "Verified keys are kept in memory, under a lease");
    else log.warn(cause === undefined ? {} : { err: cause }, `Every call reads its key from the database: ${problem}`);
  };

  const runSessions = async (url: string, onFirstAttempt: () => void) => {
    const ended = new Set<string>();
    // Whoever waits for the acknowledgement of one that has ended need not wait for its lease.
    const removeEnded = async () => {
      const ids = [...ended];
      if (ids.length === 0) return;
      await repository.remove(ids);
      for (const id of ids) ended.delete(id);
    };
    while (!stopping.signal.aborted) {
      const id = randomBytes(9).toString("hex");
      sessionId = id;
      counts.sessions += 1;
      const failure = await runSession({
        id,
        url,
        lease,
        signal: stopping.signal,
        onWake: wake,
        onRenewal(problem, queueUsage) {
          counts.renewals += 1;
          counts.queueUsage = queueUsage;
          sayWhy(problem);
          onFirstAttempt();
          // Those that ended because the database went away.
          removeEnded().catch(() => undefined);
        },
        onStuckListeners: (count) =>
          log.warn({ count }, "The notification queue fills up; listeners that do not read were ended"),
      }).catch((error: unknown) => error);
      sessionId = null;
      ended.add(id);
      await removeEnded().catch(() => undefined);
      wake();
      if (stopping.signal.aborted) break;
      const isUnfit = failure instanceof UnfitConnectionError;
      sayWhy(isUnfit ? failure.message : "The listening connection was lost.", isUnfit ? undefined : failure);
      onFirstAttempt();
      await sleep(isUnfit ? UNFIT_PAUSE : PAUSE, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };

  return {
    leasedTime: () => lease.leasedTime(),
    beginFill: () => lease.beginFill(),
    onChange: (forget) => void listeners.push(forget),

    async barrier() {
      counts.barriers += 1;
      const alarm = createAlarm();
      alarms.add(alarm);
      try {
        await waitForProcesses({
          database: repository.barrierDatabase(sessionId),
          monotonic: clocks.monotonic,
          sleep: alarm.sleep,
          onFailure: (error) => log.warn({ err: error }, "A revocation waits for leases to run out"),
        });
      } finally {
        alarms.delete(alarm);
      }
    },

    report: (): CoherenceReport => ({
      state: directUrl === null ? "off" : lease.leasedTime() === null ? "unleased" : "leased",
      reason,
      leaseAge: lease.age,
      renewals: counts.renewals,
      invalidations: lease.invalidations,
      sessions: counts.sessions,
      barriers: counts.barriers,
      notificationQueueUsage: counts.queueUsage,
    }),

    async start() {
      if (directUrl === null) return;
      const first = Promise.withResolvers<void>();
      running = Promise.all([runSessions(directUrl, first.resolve), sweep(repository, stopping.signal)]);
      await first.promise;
    },

    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Rows of processes that crashed, before a revocation has to wait for them. By one's own clock, as a barrier does it. */
async function sweep(repository: ServerProcessRepository, signal: AbortSignal): Promise<void> {
  let seen: readonly ProcessRow[] = [];
  while (!signal.aborted) {
    await sleep(Math.max(SWEEP, PATIENCE), undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      if (seen.length > 0) await repository.giveUp(seen);
      seen = await repository.readProcesses();
    } catch {
      seen = [];
    }
  }
}
