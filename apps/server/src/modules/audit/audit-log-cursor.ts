import { createHash } from "node:crypto";
import type { AuditFilter } from "@latchkey/types/inputs/audit-log";
import { z } from "zod";
import { instantInCursor, readCursor } from "../../platform/cursor.ts";
import { InvalidInputError } from "../../platform/domain-error.ts";

/** Where a page of events ends. A position, not a permission: every page is read within the team that was asked for. */
export interface AuditPosition {
  readonly at: Date;
  readonly id: string;
}

const encoded = z.tuple([z.string(), instantInCursor, z.string().max(64)]);

/** A cursor is bound to the filter it was made under: under another it would skip or repeat events. */
export function encodeAuditCursor({ at, id }: AuditPosition, filter: AuditFilter): string {
  return Buffer.from(JSON.stringify([binding(filter), at.toISOString(), id])).toString("base64url");
}

/** @throws InvalidInputError for anything that is not a cursor of this very list */
export function decodeAuditCursor(cursor: string, filter: AuditFilter): AuditPosition {
  const parsed = encoded.safeParse(readCursor(cursor));
  if (!parsed.success || parsed.data[0] !== binding(filter)) {
    const message = "This is not a cursor of this list with this filter. Start again without it.";
    throw new InvalidInputError([{ path: ["after"], message }]);
  }
  const [, at, id] = parsed.data;
  return { at: new Date(at), id };
}

function binding(filter: AuditFilter): string {
  const given = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
  const canonical = JSON.stringify(["audit", ...given.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
  return createHash("sha256").update(canonical).digest("base64url").slice(0, 12);
}
