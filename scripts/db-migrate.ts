// `pnpm db:migrate`: brings the database at DATABASE_URL, or the embedded one under DATA_DIR, to the committed
// migrations. A start does the same; this is for running it apart from one.
import { loadConfig, type Config } from "../apps/server/src/config.ts";
import { startEmbeddedPostgres } from "../apps/server/src/platform/database/embedded-postgres.ts";
import { migrate } from "../apps/server/src/platform/database/migrations.ts";
import { loadEnvironmentFile } from "../apps/server/src/settings/environment-file.ts";
import { terminalLog } from "../apps/server/src/platform/database/terminal-log.ts";

async function migrateConfigured({ databaseUrl, dataDir }: Config): Promise<string[]> {
  if (databaseUrl !== null) return (await migrate({ url: databaseUrl, log: terminalLog })).applied;
  const postgres = await startEmbeddedPostgres({ dataDir, log: terminalLog });
  try {
    return (await migrate({ url: postgres.url, log: terminalLog })).applied;
  } finally {
    await postgres.stop();
  }
}

try {
  loadEnvironmentFile();
  const applied = await migrateConfigured(loadConfig(process.env));
  console.log(applied.length === 0 ? "The database is up to date." : `Applied ${applied.join(", ")}.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
