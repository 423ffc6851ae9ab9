// `pnpm db:diff [name]`: writes Prisma's part of the next migration, from what the committed migrations make to what
// prisma/schema says. Triggers, CHECKs, functions, partitions and partial indexes are then added to it by hand.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { startEmbeddedPostgres } from "../apps/server/src/platform/database/embedded-postgres.ts";
import { MIGRATIONS_FOLDER } from "../apps/server/src/platform/database/migration-files.ts";
import { migrate } from "../apps/server/src/platform/database/migrations.ts";
import { diffSchema } from "../apps/server/src/platform/database/schema-diff.ts";
import { terminalLog } from "../apps/server/src/platform/database/terminal-log.ts";

/** The migrations are replayed in a database made for that. */
async function diffAgainstMigrations(): Promise<string | null> {
  const dataDir = mkdtempSync(join(tmpdir(), "latchkey-diff-"));
  try {
    const postgres = await startEmbeddedPostgres({ dataDir, log: terminalLog, durable: false });
    try {
      await migrate({ url: postgres.url, log: terminalLog });
      return await diffSchema(postgres.url, "toModels");
    } finally {
      await postgres.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function writeMigration(name: string, sql: string): string {
  const timestamp = new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14);
  const folder = join(MIGRATIONS_FOLDER, `${timestamp}_${name}`);
  mkdirSync(folder);
  writeFileSync(join(folder, "migration.sql"), sql);
  return relative(process.cwd(), join(folder, "migration.sql"));
}

const name = process.argv[2] ?? "change";
if (!/^[a-z0-9_]{1,60}$/.test(name)) {
  console.error("A migration's name has lower-case letters, digits and underscores only, such as add_activity.");
  process.exitCode = 1;
} else {
  const sql = await diffAgainstMigrations();
  console.log(
    sql === null
      ? "Nothing to do: the migrations make what prisma/schema says."
      : `Wrote ${writeMigration(name, sql)}. Read it, and add what Prisma cannot say.`,
  );
}
