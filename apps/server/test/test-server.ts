import "./statement-count.ts";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { loadConfig, type Config } from "../src/config.ts";
import { notConnected, type UsageSource } from "../src/modules/billing/usage-source.ts";
import { createLogger } from "../src/platform/logger.ts";
import { createServer, type LatchkeyServer } from "../src/server.ts";
import { createTestDatabase } from "./database/test-database.ts";
import { assertDocumented } from "./documented-answer.ts";

export interface TestServer extends LatchkeyServer {
  readonly origin: string;
  readonly config: Config;
  readonly databaseUrl: string;
  /** Runs SQL as an operator would, past the product. */
  sql<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** One request through the real fetch handler. An answer of /api/v1 that openapi.json does not describe throws. */
  fetch(path: string, init?: RequestInit & { ip?: string }): Promise<Response>;
  /** The lines that the server logged. */
  readonly logLines: string[];
  close(): Promise<void>;
}

/** The whole server on a database of its own, without a socket. `env` holds further settings. */
export async function startTestServer(
  env: Record<string, string> = {},
  databaseUrl?: string,
  usageSource: UsageSource = notConnected,
): Promise<TestServer> {
  const database = databaseUrl === undefined ? await createTestDatabase() : null;
  const url = databaseUrl ?? database?.url ?? "";
  const dataDir = mkdtempSync(join(tmpdir(), "latchkey-data-"));
  const config = loadConfig({
    DATABASE_URL: url,
    DATA_DIR: dataDir,
    BETTER_AUTH_SECRET: randomBytes(32).toString("base64url"),
    // As the product starts by itself; what is exact over processes has tests of its own.
    LIMITER: "memory",
    API_KEY_PEPPERS: `test:${randomBytes(32).toString("base64url")}`,
    // `COHERENCE=off pnpm exec vitest …`: what is verified must not depend on what is kept in memory.
    COHERENCE: process.env["COHERENCE"],
    ...env,
  });
  const logLines: string[] = [];
  const logger = createLogger({ level: "info", destination: { write: (line) => void logLines.push(line) } });
  // The page is built and tested by the browser tests; here every other path is a page.
  const servePage = async () => new Response("the page", { headers: { "content-type": "text/html; charset=utf-8" } });
  const server = await createServer({ config, databaseUrl: url, logger, servePage, usageSource });
  await server.started;
  const operator = new pg.Pool({ connectionString: url, max: 2 });
  operator.on("error", () => undefined);
  return {
    ...server,
    origin: config.publicUrl,
    config,
    databaseUrl: url,
    logLines,
    sql: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) => {
      const { rows } = await operator.query<Row>(text, values);
      // Whoever changes something past the product has no barrier of theirs: here the next call sees it.
      if (!/^\s*SELECT/i.test(text)) await server.services.coherence.barrier();
      return rows;
    },
    fetch: async (path, { ip = "127.0.0.1", ...init } = {}) => {
      const headers = new Headers(init.headers);
      if (!headers.has("host")) headers.set("host", new URL(config.publicUrl).host);
      const request = new Request(new URL(path, config.publicUrl), { ...init, headers });
      const response = await server.app(request, ip);
      await assertDocumented(request, response);
      return response;
    },
    async close() {
      await server.stop();
      await operator.end();
      await database?.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
