import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "../../generated/prisma/client.ts";
import type { DatabaseLog } from "./database-log.ts";

/** How long one step may take. A call that needs a connection and runs one query takes at most `acquireMs + queryMs`. */
export interface PoolTimeouts {
  /** Waiting for a free connection, or for a new one to be made. */
  acquireMs: number;
  /** Seen from here: also ends the wait for a server that is stopped or unreachable, whose own limits do not tick. */
  queryMs: number;
  /** PostgreSQL's own limits, which end the work as well. */
  statementMs: number;
  lockMs: number;
}

const DEFAULT_TIMEOUTS: PoolTimeouts = { acquireMs: 1_500, queryMs: 3_500, statementMs: 3_000, lockMs: 1_500 };

/** For paths that must say "unavailable" within 2 s: one acquisition and one query stay below it. */
export const TWO_SECOND_TIMEOUTS: PoolTimeouts = { acquireMs: 900, queryMs: 900, statementMs: 850, lockMs: 700 };

export interface PoolOptions {
  log: DatabaseLog;
  /** Connections at most. */
  max: number;
  /** Shown in pg_stat_activity. */
  name: string;
  timeouts?: PoolTimeouts;
}

/**
 * A pool that fails instead of hanging: waiting for a connection, for the server and for locks is bounded, a
 * connection that stopped answering is closed, and one that breaks while idle is logged and replaced.
 */
export function createPgPool(url: string, options: PoolOptions): pg.Pool {
  const { acquireMs, queryMs, statementMs, lockMs } = options.timeouts ?? DEFAULT_TIMEOUTS;
  const isBehindPooler = new URL(url).searchParams.get("pgbouncer") === "true";
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max,
    application_name: `latchkey-${options.name}`,
    connectionTimeoutMillis: acquireMs,
    query_timeout: queryMs,
    // A pooler refuses them: docs/operating.md says where they are set then.
    ...(isBehindPooler
      ? {}
      : {
          statement_timeout: statementMs,
          lock_timeout: lockMs,
          // A transaction whose owner hangs or died must not keep its locks.
          idle_in_transaction_session_timeout: 10_000,
        }),
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    Client: isBehindPooler ? PooledClient : BoundedClient,
  });
  // Without a listener an idle connection that breaks would end the process.
  pool.on("error", (error) => options.log.warn({ err: error }, "An idle database connection broke"));
  return pool;
}

/** Prisma's client on such a pool; `$disconnect` ends the pool too. No ordinary query of it reads `secretHash`. */
export function createPrisma(pool: pg.Pool) {
  const { connectionTimeoutMillis: acquireMs = DEFAULT_TIMEOUTS.acquireMs } = pool.options;
  return new PrismaClient({
    adapter: new PrismaPg(pool, { disposeExternalPool: true }),
    omit: { apiKey: { secretHash: true }, invitation: { tokenHash: true } },
    transactionOptions: { maxWait: acquireMs, timeout: 10_000 },
  });
}

/** pg's words when `query_timeout` is over. */
const QUERY_TIMED_OUT = "Query read timeout";

/**
 * After a timeout pg leaves the query running on its connection, and Prisma would give that connection back to the
 * pool, where the next caller queues behind it. Nothing can be learned from it any more: it is closed.
 */
class BoundedClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    // The pool listens to idle clients only. One that breaks in somebody's hands fails that one's query, and would
    // end the process on top of it.
    this.on("error", () => {});
    const query = this.query.bind(this) as (...args: unknown[]) => unknown;
    // Assigned rather than overridden: `query` has nine overloads, with a callback and without one.
    this.query = ((...args: unknown[]) => {
      const callback = args.at(-1);
      if (typeof callback === "function") {
        return query(...args.slice(0, -1), (error: unknown, result: unknown) => {
          this.#closeAfterTimeout(error);
          callback(error, result);
        });
      }
      const outcome = query(...args);
      if (outcome instanceof Promise) outcome.catch((error: unknown) => this.#closeAfterTimeout(error));
      return outcome;
    }) as typeof this.query;
  }

  #closeAfterTimeout(error: unknown): void {
    if (!(error instanceof Error) || error.message !== QUERY_TIMED_OUT) return;
    // `end` with a query in flight closes the socket at once, and marks the client as not to be used again.
    this.end().catch(() => {});
  }
}

/** Each statement may come to another connection of the pooler's, which does not know the names that one was told. */
class PooledClient extends BoundedClient {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const query = this.query as (...args: unknown[]) => unknown;
    this.query = ((what: unknown, ...others: unknown[]) => {
      const isNamed = typeof what === "object" && what !== null && "name" in what && !("submit" in what);
      return query(isNamed ? { ...what, name: undefined } : what, ...others);
    }) as typeof this.query;
  }
}
