import { createHash } from "node:crypto";
import { randomBase62 } from "@latchkey/key-format/base62";

/** 190 bits: nobody finds one by trying. */
const TOKEN_LENGTH = 32;

/** What an invitation's link ends with. Told once, stored hashed. */
export function createInvitationToken(randomBytes: (count: number) => Uint8Array): string {
  return randomBase62(TOKEN_LENGTH, randomBytes);
}

/** Without a pepper: what is hashed is random, so that there is nothing to guess. */
export function hashInvitationToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(token).digest());
}

export function invitationLink(publicUrl: string, token: string): string {
  return `${publicUrl}/accept-invitation/${token}`;
}
