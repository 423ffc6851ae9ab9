import { ConfigError, loadConfig, type Config } from "./config.ts";
import { openDemo, type OpenDemo } from "./demo/open-demo.ts";
import { PepperMismatchError } from "./modules/api-keys/verification/peppers.ts";
import { notConnected, type UsageSource } from "./modules/billing/usage-source.ts";
import { DataDirInUseError } from "./platform/database/data-dir-lock.ts";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "./platform/database/embedded-postgres.ts";
import { MigrationError } from "./platform/database/migrations.ts";
import { DomainError } from "./platform/domain-error.ts";
import { earlyProblem } from "./platform/early-problem.ts";
import { listen, PortBusyError, type HttpServer } from "./platform/http-server.ts";
import { createLogger, type Logger } from "./platform/logger.ts";
import type { Page } from "./platform/page.ts";
import { SecretsFileError } from "./secrets.ts";
import { loadEnvironmentFile } from "./settings/environment-file.ts";
import { createServer, LAST_JOBS_MILLISECONDS, type LatchkeyServer } from "./server.ts";
import { greeting } from "./greeting.ts";

/** What an operator can mend: told in its own words, without a stack. */
const TOLD_PLAINLY = [
  ConfigError,
  DataDirInUseError,
  MigrationError,
  PepperMismatchError,
  PortBusyError,
  SecretsFileError,
];

const STOP_MILLISECONDS = 7_000;

interface Options {
  /** Makes the page ready; called when the port is ours, before anything is served. */
  readonly openPage: (http: HttpServer) => Promise<Page>;
}

/** Starts the server of this process; settings come from the environment and a `.env` beside package.json. */
export async function main({ openPage }: Options): Promise<void> {
  try {
    loadEnvironmentFile();
    const config = loadConfig(process.env);
    await run(config, createLogger({ level: config.logLevel }), openPage);
  } catch (error) {
    if (!TOLD_PLAINLY.some((kind) => error instanceof kind)) throw error;
    process.stderr.write(`\n${(error as Error).message}\n\n`);
    process.exit(1);
  }
}

async function run(config: Config, logger: Logger, openPage: Options["openPage"]): Promise<void> {
  let server: LatchkeyServer | null = null;
  let page: Page | null = null;
  let demo: OpenDemo | null = null;
  const http = await listen(
    async (request, ip) => (server === null ? starting(request, config) : server.app(request, ip)),
    config,
  );
  const embedded =
    config.databaseUrl === null ? await startEmbeddedPostgres({ dataDir: config.dataDir, log: logger }) : null;
  try {
    const databaseUrl = config.databaseUrl ?? embedded?.url ?? "";
    page = await openPage(http);
    const usageSource: UsageSource = (...question) => (demo?.usageSource ?? notConnected)(...question);
    server = await createServer({ config, databaseUrl, logger, servePage: page.serve, usageSource });
    http.answerDirectly(server.directDoor);
    stopOnSignal({ http, page, server, embedded, logger });
    await server.started;
    if (server.readiness.isStopping) return;
    const { services, servicesAt, activity } = server;
    demo = await openDemo({ config, services, servicesAt, now: new Date(), recordCalls: activity.store });
    const isEmpty = await server.services.people.isFirstPersonMissing();
    server.schedule.start();
    process.stdout.write(greeting({ config, port: http.port, demo, isEmpty }));
  } catch (error) {
    await page?.close?.();
    await http.close(0);
    await server?.stop();
    await embedded?.stop();
    throw error;
  }
}

/** Before there is anything to ask. */
function starting(request: Request, config: Config): Response {
  const { pathname } = new URL(request.url);
  return earlyProblem(new DomainError("unavailable", "The server is starting."), pathname, config);
}

interface Running {
  readonly http: HttpServer;
  readonly page: Page;
  readonly server: LatchkeyServer;
  readonly embedded: EmbeddedPostgres | null;
  readonly logger: Logger;
}

/** Not ready, finish what is in flight, write what is in memory, let the database go: within 10 s. */
function stopOnSignal({ http, page, server, embedded, logger }: Running): void {
  let isStopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (isStopping) process.exit(1);
    isStopping = true;
    logger.info({ signal }, "Stopping");
    server.readiness.stopping();
    await page.close?.();
    // Before the mails that the jobs hand over are waited for.
    await Promise.all([http.close(STOP_MILLISECONDS), server.schedule.stop(LAST_JOBS_MILLISECONDS)]);
    await server.stop();
    await embedded?.stop();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        logger.error({ err: error }, "The stop failed");
        process.exit(1);
      });
    });
  }
}
