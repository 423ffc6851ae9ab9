import { createHash } from "node:crypto";
import { z } from "zod";
import { instantInCursor, readCursor } from "./cursor.ts";
import { InvalidInputError } from "./domain-error.ts";

/** Where a page of a log ends. A position, not a permission: every page is read within the team that was asked for. */
export interface LogPosition {
  readonly at: Date;
  readonly id: string;
}

/** What a cursor is bound to: under another filter it would skip or repeat rows. */
type Filter = Readonly<Record<string, string | Date | readonly string[] | null | undefined>>;

const encoded = z.tuple([z.string(), instantInCursor, z.string().max(64)]);

/** The cursors of one log, newest first, which no other log takes. */
export function logCursors(log: string) {
  const binding = (filter: Filter) => {
    const given = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
    const canonical = JSON.stringify([log, ...given.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
    return createHash("sha256").update(canonical).digest("base64url").slice(0, 12);
  };
  return {
    encode: ({ at, id }: LogPosition, filter: Filter): string =>
      Buffer.from(JSON.stringify([binding(filter), at.toISOString(), id])).toString("base64url"),

    /** @throws InvalidInputError for anything that is not a cursor of this very list */
    decode(cursor: string, filter: Filter): LogPosition {
      const parsed = encoded.safeParse(readCursor(cursor));
      if (!parsed.success || parsed.data[0] !== binding(filter)) {
        const message = "This is not a cursor of this list with this filter. Start again without it.";
        throw new InvalidInputError([{ path: ["after"], message }]);
      }
      const [, at, id] = parsed.data;
      return { at: new Date(at), id };
    },
  };
}

/** A filter as the audit log tells it: what was asked for, as in an address; null: everything. */
export function describeFilter(filter: Filter): string | null {
  const given = Object.entries(filter).flatMap(([name, value]) => {
    if (value === null || value === undefined) return [];
    return [`${name}=${value instanceof Date ? value.toISOString() : String(value)}`];
  });
  return given.length === 0 ? null : given.join("&");
}
