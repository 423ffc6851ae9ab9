import type { Pool, QueryResultRow } from "pg";

/** Text with `$1`… and its values; Prisma.sql makes such. */
interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Reads past Prisma, on the connections that Prisma has too: for the few statements that every page waits for. With a
 * name PostgreSQL parses and plans the text once per connection; a name stands for one text for ever, and there must be
 * few of them, since each stays in the memory of each connection.
 */
export type Read = <Row extends object>(statement: Statement, name?: string) => Promise<Row[]>;

export function createRead(pool: Pool): Read {
  return async <Row extends object>({ text, values }: Statement, name?: string) => {
    const query = { text, values: [...values], ...(name === undefined ? {} : { name }) };
    const { rows } = await pool.query<Row & QueryResultRow>(query);
    return rows;
  };
}
