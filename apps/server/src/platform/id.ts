import { randomBytes } from "node:crypto";
import { randomBase62 } from "@latchkey/key-format/base62";

const LENGTH = 20;

export type IdPrefix =
  | "key"
  | "team"
  | "user"
  | "member"
  | "session"
  | "account"
  | "verification"
  | "invitation"
  | "evt"
  | "req";

/** An opaque id such as `key_3k…`: the kind, and 20 base62 characters (119 bits). */
export function createId(prefix: IdPrefix): string {
  return `${prefix}_${randomBase62(LENGTH, randomBytes)}`;
}
