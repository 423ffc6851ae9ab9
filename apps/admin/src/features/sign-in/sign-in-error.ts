import type { AuthOutcome } from "../../session/auth-requests.ts";

export type SignInErrorKey =
  | "wrong"
  | "notConfirmed"
  | "tooMany"
  | "unavailable"
  | "unreachable"
  | "refused"
  | "unexpected";

/** A time to wait as one says it: seconds while they are few, then minutes. Never less than it is. */
export function waitOf(seconds: number): { readonly unit: "seconds" | "minutes"; readonly count: number } {
  return seconds <= 90 ? { unit: "seconds", count: seconds } : { unit: "minutes", count: Math.ceil(seconds / 60) };
}

/** One sentence for every refused pair: whether the account exists is nobody's business. */
export function signInErrorKey(outcome: Extract<AuthOutcome, { ok: false }>): SignInErrorKey {
  if (outcome.code === "INVALID_EMAIL_OR_PASSWORD" || outcome.code === "INVALID_EMAIL") return "wrong";
  if (outcome.code === "EMAIL_NOT_VERIFIED") return "notConfirmed";
  if (outcome.code === "origin_refused" || outcome.code === "INVALID_ORIGIN") return "refused";
  switch (outcome.failure) {
    case "unauthenticated":
      return "wrong";
    case "rate_limited":
      return "tooMany";
    case "unavailable":
      return "unavailable";
    case "unreachable":
      return "unreachable";
    default:
      return "unexpected";
  }
}
