import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import pg from "pg";

type Query = (this: pg.Client, ...args: unknown[]) => unknown;

/** What follows from the work that is looked at, and nothing of what the server does by itself meanwhile. */
const measured = new AsyncLocalStorage<string[]>();

// Below every pool and below Prisma: whatever reaches PostgreSQL from this process goes through here.
const prototype = pg.Client.prototype as unknown as { query: Query };
const original = prototype.query;
prototype.query = function (...args) {
  const [what] = args;
  const text = typeof what === "string" ? what : ((what as { text?: string } | undefined)?.text ?? "");
  measured.getStore()?.push(text.trim());
  return original.apply(this, args);
};

// A connection that becomes free is handed on by whoever had it: what waited for it belongs to its own work still.
type Connect = (this: pg.Pool, callback?: (...args: unknown[]) => void) => unknown;
const pool = pg.Pool.prototype as unknown as { connect: Connect };
const connect = pool.connect;
pool.connect = function (callback) {
  return connect.call(this, callback === undefined ? undefined : AsyncResource.bind(callback));
};

/** The SQL statements that `work` sends, in order. */
export async function statementsOf<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; statements: string[] }> {
  const statements: string[] = [];
  const result = await measured.run(statements, work);
  return { result, statements };
}

/** Without those that store what was called: they leave later, and may do so while a slow call is still looked at. */
export function withoutRecording(statements: readonly string[]): string[] {
  return statements.filter((statement) => !statement.includes("INSERT INTO activity"));
}

/**
 * A call's own: also without the look at which limiter store is in use, which every so often falls to some call of a
 * server that holds no lease.
 */
export function withoutUpkeep(statements: readonly string[]): string[] {
  return withoutRecording(statements).filter((statement) => !statement.includes("FROM limiter_store"));
}
