import { createHash } from "node:crypto";
import { z } from "zod";
import { readCursor } from "../../platform/cursor.ts";
import { InvalidInputError } from "../../platform/domain-error.ts";

/** Where a page of the backoffice ends: what it is sorted by, and the id. */
export interface BackofficePosition {
  readonly place: string;
  readonly id: string;
}

export type BackofficeList = "teams" | "people";

const encoded = z.tuple([z.enum(["teams", "people"]), z.string(), z.string(), z.string().max(64)]);

/** A cursor is bound to its list and search: under another it would skip or repeat rows. */
export function encodeBackofficeCursor(
  list: BackofficeList,
  search: string,
  { place, id }: BackofficePosition,
): string {
  return Buffer.from(JSON.stringify([list, binding(search), place, id])).toString("base64url");
}

/** @throws InvalidInputError for anything that is not a cursor of this very list */
export function decodeBackofficeCursor(list: BackofficeList, search: string, cursor: string): BackofficePosition {
  const parsed = encoded.safeParse(readCursor(cursor));
  if (!parsed.success || parsed.data[0] !== list || parsed.data[1] !== binding(search)) {
    const message = "This is not a cursor of this list with this search. Start again without it.";
    throw new InvalidInputError([{ path: ["after"], message }]);
  }
  const [, , place, id] = parsed.data;
  return { place, id };
}

function binding(search: string): string {
  return createHash("sha256").update(search).digest("base64url").slice(0, 12);
}
