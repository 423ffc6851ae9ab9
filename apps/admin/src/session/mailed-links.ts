import { post, type AuthOutcome } from "./auth-requests.ts";

/** What became of the request; whether a mail went out, nobody is told. */
export type MailedLinkOutcome = "done" | "tooMany" | "unavailable" | "unreachable" | "unexpected";

/** Has a link mailed that sets a new password. Answered the same whether the address has an account or not. */
export async function requestPasswordReset(email: string): Promise<MailedLinkOutcome> {
  return mailedLinkOutcome(await post("/api/auth/request-password-reset", { email }));
}

/** Has a link mailed that confirms the address. Answered the same whether there is anything to confirm or not. */
export async function requestConfirmation(email: string): Promise<MailedLinkOutcome> {
  return mailedLinkOutcome(await post("/api/auth/send-verification-email", { email }));
}

/** Confirms the address that a link was mailed to. */
export function confirmAddress(token: string): Promise<AuthOutcome> {
  return post("/api/auth/verify-email", { token });
}

function mailedLinkOutcome(outcome: AuthOutcome): MailedLinkOutcome {
  if (outcome.ok) return "done";
  switch (outcome.failure) {
    case "rate_limited":
      return "tooMany";
    case "unavailable":
    case "unreachable":
      return outcome.failure;
    default:
      return "unexpected";
  }
}
