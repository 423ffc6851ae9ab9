import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlResultSet,
} from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";

export type SchemaEngine = bindings.SchemaEngine;

/** Turns a script into the one that is sent, so that a migration can finish its own bookkeeping row. */
export type ScriptRewriter = (script: string) => string;

/**
 * Runs `work` with Prisma's schema engine (the WebAssembly build, so that nothing is downloaded) on one connection to
 * `url`. A message of the engine becomes an Error.
 */
export async function withSchemaEngine<T>(
  url: string,
  work: (engine: SchemaEngine) => Promise<T>,
  rewriteScript: ScriptRewriter = (script) => script,
): Promise<T> {
  await loadEngine();
  // One connection: the engine's session locks and settings have to stay where its statements go.
  const pool = new CatalogPool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: 10_000,
    application_name: "latchkey-migrate",
  });
  // A connection that breaks fails its statement, or the next one; without listeners it would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const factory = bindMigrationAwareSqlAdapterFactory(new ScriptAdapterFactory(pool, rewriteScript));
  let engine: SchemaEngine | null = null;
  try {
    engine = await bindings.SchemaEngine.new({ datamodels: undefined }, () => {}, factory);
    return await work(engine);
  } catch (error) {
    // The engine keeps the words of what failed beneath it, not the error: by that an outage is recognised.
    throw new Error(`Prisma's schema engine: ${messageOf(error)}`, { cause: pool.lastFailure ?? error });
  } finally {
    engine?.free();
    await pool.end();
  }
}

/** The part used here: TypeScript declares WebAssembly for browsers only. */
interface WasmRuntime {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
}

let loading: Promise<void> | null = null;

function loadEngine(): Promise<void> {
  loading ??= (async () => {
    const module = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
    const file = join(dirname(module), "schema_engine_bg.wasm");
    Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: failWithPanic } });
    const wasm = (globalThis as unknown as { WebAssembly: WasmRuntime }).WebAssembly;
    const { instance } = await wasm.instantiate(await readFile(file), { "./schema_engine_bg.js": engineImports() });
    bindings.__wbg_set_wasm(instance.exports);
    (instance.exports["__wbindgen_start"] as () => void)();
  })();
  return loading;
}

/** What the engine calls. It never clears the 10 s limit on its lock, which would keep every command waiting that long. */
function engineImports(): Record<string, unknown> {
  const imports: Record<string, unknown> = { ...bindings };
  for (const name of Object.keys(imports)) {
    if (!name.startsWith("__wbg_setTimeout_")) continue;
    imports[name] = (callback: () => void, delayMs: number) => setTimeout(callback, delayMs >>> 0).unref();
  }
  return imports;
}

/** A panic can only end the process; thrown from here, it does so with its message instead of "unreachable". */
function failWithPanic(message: string): never {
  throw new Error(`Prisma's schema engine failed: ${message}`);
}

/** What the engine says, without the trace of its own functions that follows. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split(/\n\s+0: /)[0] ?? message;
}

const CHAR_OID = 18;
const CHAR_ARRAY_OID = 1002;

/**
 * The adapter does not know PostgreSQL's internal one-byte "char", which introspection reads. It passes as an array of
 * them, which the adapter does know, and becomes a single one again in `singleCharacters`.
 */
class CatalogPool extends pg.Pool {
  lastFailure: unknown = null;

  // @types/pg has nine overloads of `query`; the adapter uses this one.
  override query = (async (config: pg.QueryConfig | string) => {
    let client: pg.PoolClient | null = null;
    try {
      client = await this.connect();
      const result = await client.query(config);
      client.release();
      // A script has one result per statement, and nobody reads them.
      if (typeof config === "string") return result;
      for (const field of result.fields) if (field.dataTypeID === CHAR_OID) field.dataTypeID = CHAR_ARRAY_OID;
      return result;
    } catch (error) {
      this.lastFailure = error;
      // A statement that fails leaves the connection as it was, with the locks of its session.
      client?.release(!(error instanceof pg.DatabaseError && error.severity === "ERROR"));
      throw error;
    }
  }) as pg.Pool["query"];
}

function singleCharacters(result: SqlResultSet): SqlResultSet {
  const columnTypes = result.columnTypes.map((type, column) =>
    type === ColumnTypeEnum.CharacterArray && !result.rows.some((row) => Array.isArray(row[column]))
      ? ColumnTypeEnum.Character
      : type,
  );
  return { ...result, columnTypes };
}

/**
 * Prisma's adapter cuts scripts at every semicolon, also inside functions, and sends the pieces one by one. Here a
 * script is one simple query, which PostgreSQL runs as one transaction: it is applied as a whole or not at all.
 */
class ScriptAdapterFactory implements SqlMigrationAwareDriverAdapterFactory {
  readonly provider = "postgres";
  readonly adapterName = "@prisma/adapter-pg";
  readonly #pool: pg.Pool;
  readonly #rewriteScript: ScriptRewriter;

  constructor(pool: pg.Pool, rewriteScript: ScriptRewriter) {
    this.#pool = pool;
    this.#rewriteScript = rewriteScript;
  }

  async connect(): Promise<SqlDriverAdapter> {
    const adapter = await new PrismaPg(this.#pool).connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => singleCharacters(await queryRaw(query));
    adapter.executeScript = async (script) => {
      await this.#pool.query(this.#rewriteScript(script)).catch(rethrowForEngine);
    };
    return adapter;
  }

  /** Migrations are replayed on databases we make ourselves. */
  connectToShadowDb(): Promise<SqlDriverAdapter> {
    return Promise.reject(new Error("There is no shadow database"));
  }
}

/** The engine shows PostgreSQL's own words only when they arrive in this shape. */
function rethrowForEngine(error: unknown): never {
  if (!(error instanceof pg.DatabaseError)) throw error;
  const { code = "", severity = "ERROR", message, detail, column, hint } = error;
  throw new DriverAdapterError({ kind: "postgres", code, severity, message, detail, column, hint });
}
