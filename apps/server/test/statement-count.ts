import pg from "pg";

type Query = (this: pg.Client, ...args: unknown[]) => unknown;

let statements: string[] | null = null;

// Below every pool and below Prisma: whatever reaches PostgreSQL from this process goes through here.
const prototype = pg.Client.prototype as unknown as { query: Query };
const original = prototype.query;
prototype.query = function (...args) {
  const [what] = args;
  const text = typeof what === "string" ? what : ((what as { text?: string } | undefined)?.text ?? "");
  statements?.push(text.trim());
  return original.apply(this, args);
};

/** The SQL statements that `work` sends, in order. One measurement at a time in a process. */
export async function statementsOf<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; statements: string[] }> {
  const seen: string[] = [];
  statements = seen;
  try {
    return { result: await work(), statements: seen };
  } finally {
    statements = null;
  }
}
