import cluster from "node:cluster";
import { ConfigError, loadConfig } from "./config.ts";
import { PepperMismatchError } from "./modules/api-keys/verification/peppers.ts";
import { DataDirInUseError } from "./platform/database/data-dir-lock.ts";
import { MigrationError } from "./platform/database/migrations.ts";
import { PortBusyError } from "./platform/http-server.ts";
import { createLogger } from "./platform/logger.ts";
import { runPrimary } from "./processes/primary.ts";
import type { OpenPage } from "./processes/serving.ts";
import { runSingle } from "./processes/single.ts";
import { runWorker, tellFailure } from "./processes/worker.ts";
import { WorkersFailedError } from "./processes/workers.ts";
import { SecretsFileError } from "./secrets.ts";
import { loadEnvironmentFile } from "./settings/environment-file.ts";

/** What an operator can mend: told in its own words, without a stack. */
const TOLD_PLAINLY = [
  ConfigError,
  DataDirInUseError,
  MigrationError,
  PepperMismatchError,
  PortBusyError,
  SecretsFileError,
  WorkersFailedError,
];

interface Options {
  readonly openPage: OpenPage;
  /** Whatever WEB_CONCURRENCY says: a page in development lives in one process. */
  readonly isAlone?: boolean;
}

/** Starts the server; settings come from the environment and a `.env` beside package.json. */
export async function main({ openPage, isAlone = false }: Options): Promise<void> {
  try {
    loadEnvironmentFile();
    const settings = loadConfig(process.env);
    const config = isAlone ? { ...settings, webConcurrency: 1 } : settings;
    const logger = createLogger({ level: config.logLevel });
    if (cluster.isWorker) await runWorker({ config, logger, openPage });
    else if (config.webConcurrency > 1) await runPrimary({ config, logger });
    else await runSingle({ config, logger, openPage });
  } catch (error) {
    if (!TOLD_PLAINLY.some((kind) => error instanceof kind)) throw error;
    const { message } = error as Error;
    if (cluster.isWorker) await tellFailure(message);
    else process.stderr.write(`\n${message}\n\n`);
    process.exit(1);
  }
}
