import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import type { Logger } from "pino";
import { PgBoss } from "pg-boss";
import { isUnavailable } from "../database/unavailable.ts";

/** Work that comes again and again, in one process at a time. It may still be cut off and repeated: it must bear that. */
export interface ScheduledJob {
  readonly name: string;
  /** Five fields of cron, UTC. */
  readonly cron: string;
  readonly run: () => Promise<void>;
}

export interface Schedule {
  /** Begins behind the start: whoever starts waits neither for it nor for its database. */
  start(): void;
  /** Waits for what runs, for at most so long. */
  stop(milliseconds: number): Promise<void>;
}

interface Options {
  /** Of its own, and small: a job that takes long holds up no request. */
  readonly pool: Pool;
  readonly logger: Logger;
  readonly jobs: readonly ScheduledJob[];
}

/** Its tables; made and brought up to date by pg-boss at start, under its own advisory lock. */
const SCHEMA = "pgboss";
/** How soon a due job is seen. Polled: PostgreSQL serialises commits that notify, and revocations wait for those. */
const POLL_SECONDS = 10;
const QUEUE = {
  policy: "exclusive",
  /** The next time comes soon enough. */
  retryLimit: 0,
  /** A job whose process is gone does not keep the next one waiting for longer. */
  heartbeatSeconds: 30,
  expireInSeconds: 300,
  deleteAfterSeconds: 24 * 60 * 60,
} as const;
const OUTAGE_TOLD_EVERY_MILLISECONDS = 60_000;

/** Runs jobs by the clock, over any number of processes, from PostgreSQL. */
export function createSchedule({ pool, logger, jobs }: Options): Schedule {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => pool.query(text, values) },
    schema: SCHEMA,
    useListenNotify: false,
  });
  let outageToldAt = -Infinity;
  boss.on("error", (error) => {
    if (!isUnavailable(error)) return logger.error({ err: error }, "The schedule has failed at something");
    if (performance.now() - outageToldAt < OUTAGE_TOLD_EVERY_MILLISECONDS) return;
    outageToldAt = performance.now();
    logger.warn({ err: error }, "The schedule cannot reach the database; it goes on when it can");
  });
  boss.on("warning", ({ message, data }) => logger.warn({ data }, message));

  const run = async ({ name, run: work }: ScheduledJob) => {
    try {
      await work();
    } catch (error) {
      logger.error({ err: error, job: name }, "A scheduled job failed; it comes again");
      throw error;
    }
  };

  const take = async (job: ScheduledJob) => {
    // At most one of a name waits or runs, whichever process sent it.
    await boss.createQueue(job.name, QUEUE);
    await boss.schedule(job.name, job.cron);
    // What was missed while nothing ran is not waited for.
    await boss.send(job.name);
    await boss.work(job.name, { pollingIntervalSeconds: POLL_SECONDS }, () => run(job));
  };

  const stopping = new AbortController();
  const begin = async () => {
    await boss.start({ attempts: Number.MAX_SAFE_INTEGER });
    for (const waiting = [...jobs]; waiting[0] !== undefined && !stopping.signal.aborted;) {
      try {
        await take(waiting[0]);
        waiting.shift();
      } catch (error) {
        logger.warn({ err: error, job: waiting[0].name }, "A job is not scheduled yet; trying again");
        await sleep(POLL_SECONDS * 1_000, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };

  let beginning: Promise<void> | null = null;
  return {
    start() {
      beginning ??= begin().catch((error: unknown) => logger.error({ err: error }, "The schedule could not begin"));
    },
    async stop(milliseconds) {
      stopping.abort();
      if (beginning === null) return;
      const giveUp = new Promise<void>((resolve) => setTimeout(resolve, milliseconds + 500).unref());
      const stopped = boss.stop({ graceful: true, timeout: milliseconds, close: false }).catch((error: unknown) => {
        logger.warn({ err: error }, "The schedule did not stop as it should");
      });
      await Promise.race([stopped, giveUp]);
    },
  };
}
