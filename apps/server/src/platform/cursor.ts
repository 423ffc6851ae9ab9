import { z } from "zod";

/** An instant in a cursor. PostgreSQL knows no year 0, and nothing here is that old. */
export const instantInCursor = z.iso.datetime().regex(/^[1-9]/);

/** What a list's cursor says, which is base64url of JSON; null for anything that cannot be one. */
export function readCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"), refuseNul);
  } catch {
    return null;
  }
}

/** PostgreSQL has no NUL in its text, and refuses a parameter with one. */
function refuseNul(_name: string, value: unknown): unknown {
  if (typeof value === "string" && value.includes("\u0000")) throw new TypeError("NUL");
  return value;
}
