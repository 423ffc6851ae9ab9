import type { AuthOutcome } from "../../session/auth-requests.ts";

export type SignUpErrorKey =
  | "notInvited"
  | "hasAccount"
  | "notConfirmed"
  | "refused"
  | "rejected"
  | "tooMany"
  | "unavailable"
  | "unreachable"
  | "unexpected";

/** What stopped somebody from making an account and signing in with it; `isMade` says that the first step was answered. */
export function signUpErrorKey(
  { code, failure }: Extract<AuthOutcome, { ok: false }>,
  isMade: boolean,
): SignUpErrorKey {
  if (code === "invitation_invalid") return "notInvited";
  if (code === "EMAIL_NOT_VERIFIED") return "notConfirmed";
  if (code === "origin_refused" || code === "INVALID_ORIGIN") return "refused";
  if (code === "invalid_input" || code?.startsWith("PASSWORD_") === true) return "rejected";
  if (failure === "unauthenticated" && isMade) return "hasAccount";
  switch (failure) {
    case "rate_limited":
      return "tooMany";
    case "unavailable":
    case "unreachable":
      return failure;
    default:
      return "unexpected";
  }
}
