import { z } from "zod";
import { instantInCursor, readCursor } from "../../platform/cursor.ts";
import { InvalidInputError } from "../../platform/domain-error.ts";

/** Where a page of members ends. A position, not a permission: every page is read within the team that was asked for. */
export interface MemberPosition {
  readonly joinedAt: Date;
  readonly id: string;
}

const encoded = z.tuple([z.literal("member"), instantInCursor, z.string().max(64)]);

export function encodeMemberCursor({ joinedAt, id }: MemberPosition): string {
  return Buffer.from(JSON.stringify(["member", joinedAt.toISOString(), id])).toString("base64url");
}

/** @throws InvalidInputError for anything that is not a cursor of a list of members */
export function decodeMemberCursor(cursor: string): MemberPosition {
  const parsed = encoded.safeParse(readCursor(cursor));
  if (!parsed.success) {
    throw new InvalidInputError([
      { path: ["after"], message: "This is not a cursor of this list. Start again without it." },
    ]);
  }
  const [, joinedAt, id] = parsed.data;
  return { joinedAt: new Date(joinedAt), id };
}
