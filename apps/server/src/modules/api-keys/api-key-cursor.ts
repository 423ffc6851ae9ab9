import { hash } from "node:crypto";
import type { ApiKeyFilter, ApiKeyOrder } from "@latchkey/types/inputs/api-key-list";
import { z } from "zod";
import { instantInCursor, readCursor } from "../../platform/cursor.ts";
import { InvalidInputError } from "../../platform/domain-error.ts";
import type { ApiKey } from "./api-key.ts";

/** Where a page ends: the value it is sorted by and the id, which makes the place unique. */
export interface KeysetPosition {
  readonly value: Date | string | null;
  readonly id: string;
}

const encoded = z.tuple([z.string(), z.union([z.string(), z.null()]), z.string().max(64)]);

/** A cursor is bound to the filter and order it was made under: under another it would skip or repeat rows. */
export function createEncodeCursor(filter: ApiKeyFilter, order: ApiKeyOrder): (key: ApiKey) => string {
  const boundTo = binding(filter, order);
  return (key) => {
    const value = sortValue(key, order);
    const text = value instanceof Date ? value.toISOString() : value;
    return Buffer.from(JSON.stringify([boundTo, text, key.id])).toString("base64url");
  };
}

/** @throws InvalidInputError for anything that is not a cursor of this very list */
export function decodeCursor(cursor: string, filter: ApiKeyFilter, order: ApiKeyOrder): KeysetPosition {
  const parsed = encoded.safeParse(readCursor(cursor));
  if (!parsed.success) throw notACursor();
  const [boundTo, text, id] = parsed.data;
  if (boundTo !== binding(filter, order)) throw notACursor();
  if (order.field === "NAME" || text === null) return { value: text, id };
  if (!instantInCursor.safeParse(text).success) throw notACursor();
  return { value: new Date(text), id };
}

function sortValue(key: ApiKey, order: ApiKeyOrder): Date | string | null {
  switch (order.field) {
    case "CREATED_AT":
      return key.createdAt;
    case "NAME":
      return key.name;
    case "EXPIRES_AT":
      return key.expiresAt;
    case "LAST_USED":
      return key.lastUsed;
  }
}

function binding(filter: ApiKeyFilter, order: ApiKeyOrder): string {
  const given = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
  const canonical = JSON.stringify([given.toSorted(([a], [b]) => (a < b ? -1 : 1)), order.field, order.direction]);
  return hash("sha256", canonical, "base64url").slice(0, 12);
}

function notACursor(): InvalidInputError {
  return new InvalidInputError([
    {
      path: ["after"],
      message: "This is not a cursor of this list with this filter and order. Start again without it.",
    },
  ]);
}
