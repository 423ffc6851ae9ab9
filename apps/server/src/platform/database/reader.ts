import pg, { type Pool, type QueryResultRow } from "pg";

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

/** Of pg_type. */
const TIMESTAMPTZ = 1184;
const TEXT_ARRAY = 1009;

const parserOf = (oid: number): ((text: string) => unknown) => pg.types.getTypeParser(oid, "text");

/** Instants and lists of words are most of what a page of rows holds; pg's parsers of them are made for every case. */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") => {
    if (format !== "binary" && oid === TIMESTAMPTZ) return parseInstant;
    if (format !== "binary" && oid === TEXT_ARRAY) return parseTexts;
    return pg.types.getTypeParser(oid, format);
  },
};

/** `2026-11-22 08:30:00.123+00`, as PostgreSQL writes instants for sessions in UTC; anything else is pg's to read. */
const UTC_INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;

function parseInstant(text: string): unknown {
  if (!UTC_INSTANT.test(text)) return parserOf(TIMESTAMPTZ)(text);
  return new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`);
}

/** Without quotes and braces inside there is nothing to unescape; an unquoted NULL is no text. */
const PLAIN_TEXTS = /^\{[^"\\{}]+\}$/;

function parseTexts(text: string): unknown {
  if (!PLAIN_TEXTS.test(text) || text.includes("NULL")) return parserOf(TEXT_ARRAY)(text);
  return text.slice(1, -1).split(",");
}

export function createRead(pool: Pool): Read {
  return async <Row extends object>({ text, values }: Statement, name?: string) => {
    const query = { text, values: [...values], types: TYPES, ...(name === undefined ? {} : { name }) };
    const result = await pool.query<Row & QueryResultRow>(query);
    const { rows } = result;
    // What pg keeps of a finished query, with the timer of its limit, dies late: the rows do not die with it. An export
    // of a million rows would have made all of them old, and the heap grow until it is collected as a whole.
    result.rows = [];
    return rows;
  };
}
