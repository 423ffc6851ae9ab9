import { z } from "zod";
import { InvalidInputError } from "../../platform/domain-error.ts";

/** Where a page of members ends. A position, not a permission: every page is read within the team that was asked for. */
export interface MemberPosition {
  readonly joinedAt: Date;
  readonly id: string;
}

const encoded = z.tuple([z.literal("member"), z.iso.datetime(), z.string().max(64)]);

export function encodeMemberCursor({ joinedAt, id }: MemberPosition): string {
  return Buffer.from(JSON.stringify(["member", joinedAt.toISOString(), id])).toString("base64url");
}

/** @throws InvalidInputError for anything that is not a cursor of a list of members */
export function decodeMemberCursor(cursor: string): MemberPosition {
  const parsed = encoded.safeParse(parseJson(Buffer.from(cursor, "base64url").toString("utf8")));
  if (!parsed.success) {
    throw new InvalidInputError([
      { path: ["after"], message: "This is not a cursor of this list. Start again without it." },
    ]);
  }
  const [, joinedAt, id] = parsed.data;
  return { joinedAt: new Date(joinedAt), id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
