import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { openDemo, type OpenDemo } from "../demo/open-demo.ts";
import { greeting } from "../greeting.ts";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../platform/database/embedded-postgres.ts";
import { connectionsInAll } from "../platform/database/connection-shares.ts";
import { aggregate } from "../platform/metrics/metrics.ts";
import { serveMetricsOf } from "../platform/metrics/metrics-server.ts";
import { createServer } from "../server.ts";
import { stopOnSignal } from "./stop-on-signal.ts";
import { startWorkers } from "./workers.ts";

/** Of the 10 s that a stop may take, so much is theirs: PostgreSQL ends after them. */
const WORKERS_STOP_MILLISECONDS = 8_000;

interface Options {
  readonly config: Config;
  readonly logger: Logger;
}

/** Serves nothing itself: has the database, prepares it once, and keeps the workers that serve. */
export async function runPrimary({ config, logger }: Options): Promise<void> {
  const workers = startWorkers(config.webConcurrency, logger);
  const starting = config.databaseUrl === null ? startDatabase(config, logger) : Promise.resolve(null);
  starting.catch(() => undefined);
  const measuring = serveMetricsOf(config, logger, async () => aggregate(await workers.measure()));
  measuring.catch(() => undefined);
  let isStopping = false;
  const stop = async (patience: number) => {
    isStopping = true;
    (await measuring.catch(() => null))?.close();
    await workers.stop(patience);
    await (await starting.catch(() => null))?.stop();
  };
  stopOnSignal(["SIGINT", "SIGTERM"], logger, () => stop(WORKERS_STOP_MILLISECONDS));
  try {
    const [port, embedded] = await Promise.all([workers.listening, starting, measuring]);
    const databaseUrl = config.databaseUrl ?? embedded?.url ?? "";
    const { demo, isEmpty } = await Promise.race([prepare({ config, logger, databaseUrl }), workers.failed]);
    await workers.serve({ databaseUrl, isDemoShown: demo !== null });
    process.stdout.write(greeting({ config, port, demo, isEmpty }));
    await workers.failed;
  } catch (error) {
    // What failed because it was stopped is no failure: the stop goes on by itself.
    if (isStopping) return;
    await stop(WORKERS_STOP_MILLISECONDS);
    throw error;
  }
}

function startDatabase({ dataDir, webConcurrency }: Config, log: Logger): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDir, log, connections: connectionsInAll(webConcurrency) });
}

interface Prepared {
  readonly demo: OpenDemo | null;
  readonly isEmpty: boolean;
}

/** Migrates the database and tells the demo, through services that nobody else reaches, and lets go of them. */
async function prepare({ config, logger, databaseUrl }: Options & { databaseUrl: string }): Promise<Prepared> {
  const servePage = () => Promise.reject(new Error("The primary serves nothing."));
  const server = await createServer({ config, databaseUrl, logger, servePage });
  try {
    await server.started;
    const { services, servicesAt, activity } = server;
    const demo = await openDemo({ config, services, servicesAt, now: new Date(), recordCalls: activity.store });
    return { demo, isEmpty: await services.people.isFirstPersonMissing() };
  } finally {
    await server.stop();
  }
}
