import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../../../..");
export const MIGRATIONS_FOLDER = join(ROOT, "prisma/migrations");
const SCHEMA_FOLDER = join(ROOT, "prisma/schema");

export interface Migration {
  /** `<timestamp>_<what>`; applied in the order of names. */
  name: string;
  sql: string;
  /** SHA-256 of the file in hex, as Prisma keeps it in _prisma_migrations. */
  checksum: string;
}

/** The committed migrations, in order. */
export async function readMigrations(folder: string = MIGRATIONS_FOLDER): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/** Prisma's models, as the schema engine takes them. */
export async function readSchemaFiles(): Promise<{ path: string; content: string }[]> {
  const names = (await readdir(SCHEMA_FOLDER)).filter((name) => name.endsWith(".prisma")).sort();
  return Promise.all(names.map(async (path) => ({ path, content: await readFile(join(SCHEMA_FOLDER, path), "utf8") })));
}
