import { randomFillSync } from "node:crypto";
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
  | "factor"
  | "invitation"
  | "notification"
  | "evt"
  | "req";

/** An opaque id such as `key_3k…`: the kind, and 20 base62 characters (119 bits). */
export function createId(prefix: IdPrefix): string {
  return `${prefix}_${randomBase62(LENGTH, pooledRandomBytes)}`;
}

const pool = Buffer.alloc(4_096);
let used = pool.length;

/** The system's random bytes, fetched by the page: every request takes an id, and a call for each costs as much as the id. */
function pooledRandomBytes(count: number): Uint8Array {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}
