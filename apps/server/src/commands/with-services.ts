import type { Config } from "../config.ts";
import { createCoherence } from "../platform/coherence/create-coherence.ts";
import { DataDirInUseError } from "../platform/database/data-dir-lock.ts";
import { startEmbeddedPostgres } from "../platform/database/embedded-postgres.ts";
import { migrate } from "../platform/database/migrations.ts";
import { createPgPool, createPrisma } from "../platform/database/pools.ts";
import { createRead } from "../platform/database/reader.ts";
import { findRunningPostgres } from "../platform/database/running-postgres.ts";
import { terminalLog } from "../platform/database/terminal-log.ts";
import { createLogger } from "../platform/logger.ts";
import { resolveSecrets } from "../secrets.ts";
import { createServices, type Services } from "../services.ts";

const SERVER_START_PATIENCE_MS = 10_000;

interface OpenDatabase {
  readonly url: string;
  close(): Promise<void>;
}

/** The services of a server, on the configured database, for as long as `work` takes; no server has to run. */
export async function withServices<Result>(
  config: Config,
  work: (services: Services) => Promise<Result>,
): Promise<Result> {
  const { betterAuthSecret, peppers } = await resolveSecrets(config);
  const { url, close } = await openDatabase(config);
  const pool = { log: terminalLog, name: "command", max: 2 };
  const modulePool = createPgPool(url, pool);
  const database = createPrisma(modulePool);
  const read = createRead(modulePool);
  const verificationPool = createPgPool(url, pool);
  // A command keeps nothing in memory, and waits for the servers that do.
  const coherence = createCoherence({ directUrl: null, pool: verificationPool, log: terminalLog });
  const logger = createLogger({ level: "error", destination: process.stderr });
  try {
    await migrate({ url, log: terminalLog });
    return await work(
      createServices({ config, database, read, verificationPool, coherence, betterAuthSecret, peppers, logger }),
    );
  } finally {
    await Promise.all([database.$disconnect(), verificationPool.end()]);
    await close();
  }
}

/** The one of DATABASE_URL; else the embedded one, which a running server may hold already. */
async function openDatabase({ databaseUrl, dataDir }: Config): Promise<OpenDatabase> {
  if (databaseUrl !== null) return { url: databaseUrl, close: async () => {} };
  try {
    const postgres = await startEmbeddedPostgres({ dataDir, log: terminalLog });
    return { url: postgres.url, close: () => postgres.stop() };
  } catch (error) {
    if (!(error instanceof DataDirInUseError)) throw error;
    const url = await findRunningPostgres(dataDir, SERVER_START_PATIENCE_MS);
    if (url === null) throw error;
    return { url, close: async () => {} };
  }
}
