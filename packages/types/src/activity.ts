import type { ErrorCode } from "./error-codes.ts";

/** How a call was answered, by the first digit of its status. Nothing that is recorded is answered otherwise. */
export const STATUS_CLASSES = ["2xx", "4xx", "5xx"] as const;
export type StatusClass = (typeof STATUS_CLASSES)[number];

/** With what a call came. */
export const CALL_CREDENTIALS = ["API_KEY", "SESSION"] as const;
export type CallCredential = (typeof CALL_CREDENTIALS)[number];

/** Where on its way a call was refused, in the order in which a key is judged (spec §5). */
export const REFUSAL_STEPS = [
  "API_KEY",
  "RATE_LIMIT",
  "SESSION_ONLY",
  "SUBSCRIPTION",
  "PERMISSION",
  "OPERATION",
  "SERVER",
] as const;
export type RefusalStep = (typeof REFUSAL_STEPS)[number];

const STEPS: Partial<Record<ErrorCode, RefusalStep>> = {
  key_revoked: "API_KEY",
  key_expired: "API_KEY",
  key_owner_inactive: "API_KEY",
  rate_limited: "RATE_LIMIT",
  session_required: "SESSION_ONLY",
  subscription_inactive: "SUBSCRIPTION",
  permission_missing: "PERMISSION",
  second_factor_required: "PERMISSION",
  internal: "SERVER",
  unavailable: "SERVER",
  provider_unavailable: "SERVER",
};

/** What is not refused on the way is refused by what was asked for. */
export function refusalStepOf(code: string): RefusalStep {
  return (Object.hasOwn(STEPS, code) ? STEPS[code as ErrorCode] : undefined) ?? "OPERATION";
}
