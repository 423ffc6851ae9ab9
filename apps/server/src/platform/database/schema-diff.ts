import { readSchemaFiles } from "./migration-files.ts";
import { NO_FILTERS } from "./migrations.ts";
import { withSchemaEngine } from "./schema-engine.ts";

/**
 * The SQL that Prisma would run to bring the database at `url` to the models ("toModels"), or a database made from the
 * models to the one at `url` ("fromModels"). Null when they agree. Prisma does not see triggers, CHECKs, functions,
 * partitions and partial indexes.
 */
export async function diffSchema(url: string, direction: "toModels" | "fromModels"): Promise<string | null> {
  const files = await readSchemaFiles();
  const models = { tag: "schemaDatamodel" as const, files };
  // The database of the engine's own connection; the models only name its kind.
  const database = { tag: "schemaDatasource" as const, files, configDir: "" };
  const [from, to] = direction === "toModels" ? [database, models] : [models, database];
  return withSchemaEngine(url, async (engine) => {
    const { exitCode, stdout } = await engine.diff({ from, to, script: true, exitCode: true, filters: NO_FILTERS });
    return exitCode === 0 ? null : (stdout ?? "");
  });
}
