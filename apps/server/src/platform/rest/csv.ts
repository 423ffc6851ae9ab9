export type CsvValue = string | number | boolean | Date | null;

/**
 * What a spreadsheet takes for the start of a formula, also after a fullwidth keyboard. Such text is written behind an
 * apostrophe: a key named `=HYPERLINK(…)` must not run on the machine of whoever opens the file (CWE-1236).
 */
const FORMULA = /^[=+\-@\t\r\n\0＝＋－＠]/;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** One record of RFC 4180, with its line break. Null is an empty field. */
export function csvRecord(values: readonly CsvValue[]): string {
  return `${values.map(field).join(",")}\r\n`;
}

function field(value: CsvValue): string {
  if (value === null) return "";
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "string") return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
