import { z } from "zod";
import { instantInCursor, readCursor } from "../../platform/cursor.ts";
import { InvalidInputError } from "../../platform/domain-error.ts";

/** Where a page of notifications ends. A position, not a permission: every page holds one's own only. */
export interface NotificationPosition {
  readonly at: Date;
  readonly id: string;
}

const encoded = z.tuple([z.literal("notification"), instantInCursor, z.string().max(64)]);

export function encodeNotificationCursor({ at, id }: NotificationPosition): string {
  return Buffer.from(JSON.stringify(["notification", at.toISOString(), id])).toString("base64url");
}

/** @throws InvalidInputError for anything that is not a cursor of a list of notifications */
export function decodeNotificationCursor(cursor: string): NotificationPosition {
  const parsed = encoded.safeParse(readCursor(cursor));
  if (!parsed.success) {
    throw new InvalidInputError([
      { path: ["after"], message: "This is not a cursor of this list. Start again without it." },
    ]);
  }
  const [, at, id] = parsed.data;
  return { at: new Date(at), id };
}
