import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { openDemo } from "../demo/open-demo.ts";
import { greeting } from "../greeting.ts";
import { startEmbeddedPostgres } from "../platform/database/embedded-postgres.ts";
import { serveMetricsOf } from "../platform/metrics/metrics-server.ts";
import type { LatchkeyServer } from "../server.ts";
import { startServing, type OpenPage } from "./serving.ts";
import { stopOnSignal } from "./stop-on-signal.ts";

interface Options {
  readonly config: Config;
  readonly logger: Logger;
  readonly openPage: OpenPage;
}

/** One process that does everything. */
export async function runSingle({ config, logger, openPage }: Options): Promise<void> {
  const serving = await startServing({ config, logger, openPage });
  let server: LatchkeyServer | null = null;
  const measuring = await serveMetricsOf(config, logger, async () => (await server?.metrics?.text()) ?? "");
  const embedded =
    config.databaseUrl === null ? await startEmbeddedPostgres({ dataDir: config.dataDir, log: logger }) : null;
  const stop = async () => {
    measuring?.close();
    await serving.stop();
    await embedded?.stop();
  };
  try {
    server = await serving.open(config.databaseUrl ?? embedded?.url ?? "");
    stopOnSignal(["SIGINT", "SIGTERM"], logger, stop);
    await server.started;
    if (server.readiness.isStopping) return;
    const { services, servicesAt, activity } = server;
    const demo = await openDemo({ config, services, servicesAt, now: new Date(), recordCalls: activity.store });
    if (demo !== null) serving.connectUsage(demo.usageSource);
    const isEmpty = await services.people.isFirstPersonMissing();
    server.schedule.start();
    process.stdout.write(greeting({ config, port: serving.port, demo, isEmpty }));
  } catch (error) {
    await stop();
    throw error;
  }
}
