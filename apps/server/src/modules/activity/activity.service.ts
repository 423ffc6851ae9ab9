import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import type { Logger } from "pino";
import { DomainError } from "../../platform/domain-error.ts";
import { createCallQueue, type WaitingCall } from "./call-queue.ts";
import { createCallStore, readDatabaseTime } from "./call-store.repository.ts";
import { createCallWriter } from "./call-writer.service.ts";
import type { ActivityDurability, AnsweredCall, CallRecorder, CallRow } from "./call.ts";
import { createDatabaseClock } from "./database-clock.ts";
import { daysAround, distinctDays } from "./days.ts";
import { createPartitions } from "./partitions.repository.ts";
import { createSpool } from "./spool.repository.ts";

/** For the metrics. Counts are since the start of the process. */
export interface ActivityReport {
  /** Rows that are not stored yet, and how long the oldest of them has waited. */
  readonly waiting: number;
  readonly oldestMilliseconds: number;
  readonly stored: number;
  /** Attempts that the database did not take. */
  readonly failures: number;
  readonly spooled: number;
  readonly unstorable: number;
  /** Calls refused before anybody was known (malformed and unknown keys), by code: nothing of them is stored. */
  readonly unmatched: ReadonlyMap<string, number>;
}

export interface Activity extends CallRecorder {
  /** Stores all that waits. Rejects when the database does not take it; nothing is lost then. */
  flush(): Promise<void>;
  /** Stores calls that have their times already: what a spool holds, or the demo's past. */
  store(rows: readonly CallRow[]): Promise<void>;
  /** When the database is migrated: partitions for the days to come, its clock, and what earlier servers left behind. */
  start(): Promise<void>;
  /** Stores what waits, or leaves it to the next start. Lets go of the pool. */
  stop(): Promise<void>;
  report(): ActivityReport;
}

interface Options {
  readonly pool: Pool;
  /** Where calls wait if the server has to end while the database is away. */
  readonly spoolFolder: string;
  readonly durability: ActivityDurability;
  readonly retentionDays: number;
  /** So many rows may wait; 50,000 unless told. */
  readonly maxWaiting?: number;
  readonly logger: Logger;
}

const FLUSH_MILLISECONDS = 200;
/** A flush that is due and did not begin for so long says that the process was busy or frozen, not the database. */
const STANDSTILL_MILLISECONDS = 600;
/** So many rows do not wait for their turn. */
const FLUSH_ROWS = 2_000;
const MAX_BATCH = 10_000;

/** Calls older than this, or more of them, and new ones are refused rather than lost with the process. */
const BOUND_MILLISECONDS = 1_000;
const MAX_WAITING = 50_000;
/** With `commit`: an answer is `unavailable` within 2 s. */
const COMMIT_PATIENCE_MILLISECONDS = 1_500;

const STOP_PATIENCE_MILLISECONDS = 1_500;
const CLOCK_MILLISECONDS = 10_000;
const PARTITION_MILLISECONDS = 10 * 60_000;
const DAYS_AHEAD = 8;

const LONGEST_DURATION_US = 2_147_483_647;

export function createActivity({
  pool,
  spoolFolder,
  durability,
  retentionDays,
  maxWaiting = MAX_WAITING,
  logger,
}: Options): Activity {
  const steady = () => performance.now();
  const clock = createDatabaseClock(steady, performance.timeOrigin);
  const partitions = createPartitions(pool);
  const writer = createCallWriter({ store: createCallStore(pool), partitions, logger });
  const spool = createSpool(spoolFolder);
  const queue = createCallQueue();
  const counts = { stored: 0, failures: 0, spooled: 0 };
  const unmatched = new Map<string, number>();
  const timers: NodeJS.Timeout[] = [];
  let running: Promise<void> | null = null;
  let isAway = false;
  /** Calls are refused, because those before them are not stored in time. */
  let isBehind = false;
  let isStopped = false;

  const storeBatch = async () => {
    const batch = queue.batch(MAX_BATCH);
    if (batch === null) return;
    let first = 0;
    await writer.write(
      batch.map(({ row }) => row),
      (count) => {
        for (const { settle } of batch.slice(first, first + count)) settle?.(true);
        first += count;
        counts.stored += count;
        queue.done(count);
      },
    );
  };
  const drain = async () => {
    do await storeBatch();
    while (queue.size >= FLUSH_ROWS || (durability === "commit" && queue.size > 0));
  };
  /** One at a time: a slow database must not be asked to take the same rows twice at once. */
  const flushNow = () => (running ??= drain().finally(() => (running = null)));
  const tryFlush = () =>
    flushNow().then(
      () => {
        if (isAway) logger.info("Calls are recorded again");
        isAway = false;
      },
      (error: unknown) => {
        counts.failures += 1;
        if (!isAway) logger.warn({ err: error }, "Calls are not recorded yet; they are kept and tried again");
        isAway = true;
      },
    );
  const flush = async () => {
    while (queue.size > 0) await flushNow();
  };

  let lastTickAt = steady();
  let awakeSince = lastTickAt;
  /** For how long the database had its chance: not while this process itself stood still. */
  const hasWaited = (since: number, now: number) =>
    now - lastTickAt > STANDSTILL_MILLISECONDS ? 0 : now - Math.max(since, awakeSince);
  /** Once for all calls that are refused. */
  const tellBehind = (isSo: boolean) => {
    isBehind = isSo;
    if (isSo) logger.warn({ waiting: queue.size }, "Calls are refused: those before them are not stored in time");
    else logger.info("Calls are taken again");
  };
  const tick = () => {
    const now = steady();
    if (now - lastTickAt > STANDSTILL_MILLISECONDS) awakeSince = now;
    lastTickAt = now;
    if (queue.size === 0) return;
    if (running === null) void tryFlush();
    // Their rows stay: they are stored when that is possible.
    if (durability !== "commit") return;
    for (const { since, settle } of queue.all())
      if (hasWaited(since, now) > COMMIT_PATIENCE_MILLISECONDS) settle?.(false);
  };
  timers.push(setInterval(tick, FLUSH_MILLISECONDS));

  const setClock = async () => {
    const sentAt = steady();
    clock.set(await readDatabaseTime(pool), sentAt, steady());
  };
  const makePartitions = () => partitions.ensure(daysAround(clock.now(), 1, DAYS_AHEAD));
  const store = async (rows: readonly CallRow[]) => {
    await partitions.ensure(distinctDays(rows.map(({ at }) => at)));
    for (let first = 0; first < rows.length; first += MAX_BATCH)
      await writer.write(rows.slice(first, first + MAX_BATCH), () => undefined);
  };
  const storeSpool = async () => {
    for await (const { rows, forget } of spool.read()) {
      await store(rows);
      await forget();
      logger.info({ calls: rows.length }, "Recorded the calls that an earlier server left behind");
    }
  };
  const every = (milliseconds: number, whatIfNot: string, work: () => Promise<void>) => {
    if (isStopped) return;
    const attempt = () => void work().catch((error: unknown) => logger.warn({ err: error }, whatIfNot));
    timers.push(setInterval(attempt, milliseconds));
  };

  const settled = (call: Omit<WaitingCall, "settle">, subject: string | null): Promise<boolean> =>
    new Promise((settle) => {
      enqueue({ ...call, settle }, subject);
      setImmediate(() => void (running ?? tryFlush()));
    });
  const enqueue = (call: WaitingCall, subject: string | null) => {
    if (subject === null) queue.add(call);
    else queue.addLimited(subject, call);
    if (queue.size >= FLUSH_ROWS && running === null) void tryFlush();
  };

  return {
    admit() {
      const { oldestSince } = queue;
      const isInTime =
        oldestSince === null || (queue.size < maxWaiting && hasWaited(oldestSince, steady()) <= BOUND_MILLISECONDS);
      if (isInTime === isBehind) tellBehind(!isInTime);
      if (isInTime) return;
      throw new DomainError("unavailable", "Calls cannot be recorded at the moment. Try again in a moment.");
    },

    record(call) {
      if (call.notes.caller === null) {
        const { code } = call.notes;
        if (code !== null) unmatched.set(code, (unmatched.get(code) ?? 0) + 1);
        return null;
      }
      const since = steady();
      const row = rowOf(call, call.notes.caller, clock.now(), since);
      // Whoever is over a limit can send a great many more: they are counted, not listed.
      const subject = call.status === 429 ? `${call.notes.caller.sessionId ?? row.keyId} ${row.code}` : null;
      if (durability === "commit") return settled({ row, since }, subject);
      enqueue({ row, since, settle: null }, subject);
      return null;
    },

    flush,
    store,

    async start() {
      await setClock();
      await makePartitions();
      await storeSpool();
      every(CLOCK_MILLISECONDS, "The database's clock was not read", setClock);
      every(PARTITION_MILLISECONDS, "The partitions of the activity stay as they are", async () => {
        await makePartitions();
        await partitions.dropOlderThan(retentionDays);
      });
    },

    async stop() {
      isStopped = true;
      for (const timer of timers) clearInterval(timer);
      const patience = AbortSignal.timeout(STOP_PATIENCE_MILLISECONDS);
      while (queue.size > 0 && !patience.aborted) {
        await Promise.race([flush().catch(() => sleep(50)), untilAborted(patience)]);
      }
      await leaveToNextStart(queue.all().map(({ row }) => row));
      await Promise.race([pool.end(), sleep(500)]);
    },

    report: () => ({
      ...counts,
      waiting: queue.size,
      oldestMilliseconds: queue.oldestSince === null ? 0 : steady() - queue.oldestSince,
      unstorable: writer.unstorable,
      unmatched,
    }),
  };

  async function leaveToNextStart(rows: readonly CallRow[]): Promise<void> {
    if (rows.length === 0) return;
    try {
      await spool.write(rows);
      counts.spooled += rows.length;
      logger.warn({ calls: rows.length, folder: spoolFolder }, "Calls wait for the next start to be recorded");
    } catch (error) {
      logger.error({ err: error, calls: rows.length }, "Calls are lost: neither the database nor the disk took them");
    }
  }
}

function rowOf(
  { requestId, ip, method, status, startedAt, notes }: AnsweredCall,
  { teamId, userId, keyId }: NonNullable<AnsweredCall["notes"]["caller"]>,
  at: number,
  endedAt: number,
): CallRow {
  const durationUs = Math.min(Math.max(0, Math.round((endedAt - startedAt) * 1_000)), LONGEST_DURATION_US);
  const operation = notes.operation ?? "";
  const code = notes.keyRefusal ?? notes.code;
  const requiredPermission = notes.keyRefusal === null ? notes.requiredPermission : null;
  const whose = { teamId, userId, keyId };
  return { at, requestId, ...whose, method, operation, status, code, requiredPermission, durationUs, ip, calls: 1 };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
