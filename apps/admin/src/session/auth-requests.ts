import { INVITATION_HEADER } from "@latchkey/types/inputs/invitations";
import { failureOfStatus, type RequestFailure } from "../graphql/request-failure.ts";

/** The answer of one of Better Auth's routes: done, or why not. `code` is Better Auth's own word, if it sent one. */
export type AuthOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly failure: RequestFailure; readonly code: string | null };

export function signIn(email: string, password: string): Promise<AuthOutcome> {
  return post("/api/auth/sign-in/email", { email, password });
}

/** Makes an account for the address that an invitation's link was made for. It does not sign in. */
export function signUpInvited(
  token: string,
  person: { readonly email: string; readonly name: string; readonly password: string },
): Promise<AuthOutcome> {
  return post("/api/auth/sign-up/email", person, { [INVITATION_HEADER]: token });
}

export function signOut(): Promise<AuthOutcome> {
  return post("/api/auth/sign-out", {});
}

export function resetPassword(token: string, newPassword: string): Promise<AuthOutcome> {
  return post("/api/auth/reset-password", { token, newPassword });
}

/** Whether the database holds no person yet, so that nobody could sign in. Unknown counts as no. */
export async function needsFirstUser(): Promise<boolean> {
  try {
    const response = await fetch("/api/setup", { credentials: "same-origin" });
    if (!response.ok) return false;
    const body = (await response.json()) as { needsFirstUser?: unknown };
    return body.needsFirstUser === true;
  } catch {
    return false;
  }
}

async function post(path: string, body: object, headers: Record<string, string> = {}): Promise<AuthOutcome> {
  try {
    const response = await fetch(path, {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    if (response.ok) return { ok: true };
    return { ok: false, failure: failureOfStatus(response.status), code: await codeOf(response) };
  } catch {
    return { ok: false, failure: "unreachable", code: null };
  }
}

async function codeOf(response: Response): Promise<string | null> {
  try {
    const body = (await response.json()) as { code?: unknown };
    return typeof body.code === "string" ? body.code : null;
  } catch {
    return null;
  }
}
