import { refusalStepOf, type RefusalStep } from "@latchkey/types/activity";
import { ERRORS, type ErrorCode } from "@latchkey/types/error-codes";
import type { RecordedCall } from "./recorded-call.ts";

/** Why a call was refused, and what it would have needed. */
export interface Refusal {
  readonly call: RecordedCall;
  /** Null: it was not refused. */
  readonly step: RefusalStep | null;
  /** One sentence or two for people; null: it was not refused. */
  readonly needed: string | null;
}

/** What is known of the key today. Null: the call came with a session. */
export interface RefusedKey {
  readonly permissions: readonly string[];
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Pure: a recorded call as an explanation. */
export function explain(call: RecordedCall, key: RefusedKey | null): Refusal {
  if (call.code === null) return { call, step: null, needed: null };
  return { call, step: refusalStepOf(call.code), needed: neededBy(call, call.code, key) };
}

function neededBy({ requiredPermission }: RecordedCall, code: string, key: RefusedKey | null): string {
  if (code === "permission_missing" && requiredPermission !== null) return permission(requiredPermission, key);
  if (code === "key_revoked" && key?.revokedAt)
    return `A key that is not revoked: this one was revoked at ${key.revokedAt.toISOString()}. Create another and deploy it.`;
  if (code === "key_expired" && key?.expiresAt)
    return `A key that has not expired: this one did at ${key.expiresAt.toISOString()}. Create another and deploy it.`;
  return mendOf(code);
}

function permission(name: string, key: RefusedKey | null): string {
  if (key === null) return `A role in this team that holds ${name}.`;
  return key.permissions.includes(name)
    ? `The permission ${name}. The key was given it, so the role of the person who made it did not hold it at that time.`
    : `The permission ${name}. The key was made without it, and permissions cannot be added: replace it by one that has it.`;
}

function mendOf(code: string): string {
  return Object.hasOwn(ERRORS, code)
    ? ERRORS[code as ErrorCode].mend.replaceAll("`", "")
    : "See the documentation of this code.";
}
