import pg from "pg";
import type { DatabaseLog } from "./database-log.ts";
import { MIGRATIONS_FOLDER, readMigrations, type Migration } from "./migration-files.ts";
import { withSchemaEngine, type SchemaEngine } from "./schema-engine.ts";

/** A landed migration was edited, or one cannot be applied. The message says which and what to do. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
}

/** Any number; the same in every server. */
const LOCK_KEY = 5_391_274_411;
/** What Prisma's engine takes while it works, on the connection it works on. */
const ENGINE_LOCK_KEY = 72_707_369;

/**
 * Applies the migrations that the database at `url` does not have yet. Safe to call from any number of servers at
 * once (one applies, the others wait and find nothing to do), and again after a call that was killed: a migration and
 * the row that says it is applied commit together.
 */
export async function migrate(options: {
  url: string;
  log: DatabaseLog;
  folder?: string;
}): Promise<{ applied: string[] }> {
  const { url, log, folder = MIGRATIONS_FOLDER } = options;
  const migrations = await readMigrations(folder);
  // Not from a pool: its session holds the lock, and waits for it as long as another server's migration takes.
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: "latchkey-migrate",
  });
  client.on("error", (error) => log.warn({ err: error }, "The connection that holds the migration lock broke"));
  await client.connect();
  try {
    if (outstanding(migrations, await readHistory(client)).length === 0) return { applied: [] };
    await client.query("SELECT pg_advisory_lock($1)", [LOCK_KEY]);
    await waitForEngines(client);
    const history = await readHistory(client);
    if (outstanding(migrations, history).length === 0) return { applied: [] };
    return { applied: await applyWithEngine({ url, log, folder, migrations, history }) };
  } finally {
    await client.end();
  }
}

/**
 * The names of committed migrations that the database does not have; one statement, cheap enough for a health check.
 * Throws MigrationError when a landed migration was edited. `migrations` come from `readMigrations`, read once.
 */
export async function pendingMigrations(pool: pg.Pool, migrations: readonly Migration[]): Promise<string[]> {
  return outstanding(migrations, await readHistory(pool)).map((migration) => migration.name);
}

/** When a server is killed, PostgreSQL still finishes the script it was sent: the history is true only after that. */
async function waitForEngines(client: pg.Client): Promise<void> {
  await client.query("SELECT pg_advisory_lock($1)", [ENGINE_LOCK_KEY]);
  await client.query("SELECT pg_advisory_unlock($1)", [ENGINE_LOCK_KEY]);
}

interface HistoryRow {
  name: string;
  checksum: string;
  isFinished: boolean;
}

const UNDEFINED_TABLE = "42P01";

async function readHistory(client: pg.Client | pg.Pool): Promise<HistoryRow[]> {
  try {
    const { rows } = await client.query<HistoryRow>(
      `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS "isFinished"
         FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
    );
    return rows;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === UNDEFINED_TABLE) return [];
    throw error;
  }
}

function outstanding(migrations: readonly Migration[], history: readonly HistoryRow[]): Migration[] {
  const finished = new Map(history.filter((row) => row.isFinished).map((row) => [row.name, row.checksum]));
  for (const { name, checksum } of migrations) {
    const applied = finished.get(name);
    if (applied !== undefined && applied !== checksum) {
      throw new MigrationError(
        `Migration ${name} was edited after it was applied to this database. Restore the file and put the change into a new migration.`,
      );
    }
  }
  return migrations.filter((migration) => !finished.has(migration.name));
}

interface Application {
  url: string;
  log: DatabaseLog;
  folder: string;
  migrations: readonly Migration[];
  history: readonly HistoryRow[];
}

async function applyWithEngine({ url, log, folder, migrations, history }: Application): Promise<string[]> {
  const scripts = new Set(migrations.map((migration) => migration.sql));
  const finishInSameTransaction = (script: string) => (scripts.has(script) ? `${script}\n${FINISH_ROW}` : script);
  const apply = async (engine: SchemaEngine) => {
    for (const { name, isFinished } of history) {
      if (isFinished) continue;
      // Nothing of it is in the database: script and row commit together (FINISH_ROW), and no other server is at it.
      log.warn({ migration: name }, "A migration was interrupted and is applied again");
      await engine.markMigrationRolledBack({ migrationName: name });
    }
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: migrationList(folder, migrations),
      filters: NO_FILTERS,
    });
    return appliedMigrationNames;
  };
  const applied = await withSchemaEngine(url, apply, finishInSameTransaction);
  log.info({ migrations: applied }, "Migrated the database");
  return applied;
}

/** The engine notes the start of a migration beforehand and its end afterwards; only one row is ever unfinished. */
const FINISH_ROW =
  ";UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL;";

export const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** The committed migrations as the schema engine takes them. */
function migrationList(folder: string, migrations: readonly Migration[]) {
  return {
    baseDir: folder,
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    shadowDbInitScript: "",
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: sql } },
    })),
  };
}
