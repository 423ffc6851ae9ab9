import type { MailWay } from "@latchkey/types/inputs/account-mail";
import { INVITATION_HEADER } from "@latchkey/types/inputs/invitations";
import type { OfferedProvider, SignInProviderId } from "@latchkey/types/sign-in-refusals";
import { failureOfStatus, type RequestFailure } from "../graphql/request-failure.ts";

/** The answer of one of Better Auth's routes: done, or why not. `code` is Better Auth's own word, if it sent one. */
export type AuthOutcome =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly failure: RequestFailure;
      readonly code: string | null;
      /** When it is worth trying again, if the server said so. */
      readonly retryAfterSeconds?: number;
    };

export type SignInOutcome =
  | { readonly ok: true; readonly needsSecondStep: boolean }
  | Extract<AuthOutcome, { ok: false }>;

export async function signIn(email: string, password: string): Promise<SignInOutcome> {
  const outcome = await send("/api/auth/sign-in/email", { email, password }, {});
  if (!outcome.ok) return outcome;
  const { twoFactorRedirect } = (outcome.body ?? {}) as { twoFactorRedirect?: unknown };
  return { ok: true, needsSecondStep: twoFactorRedirect === true };
}

/** The second step of signing in: a code of the authenticator, or one of the recovery codes. */
export function passSecondStep(method: "code" | "recovery", code: string): Promise<AuthOutcome> {
  return post(`/api/auth/two-factor/${method === "code" ? "verify-totp" : "verify-backup-code"}`, { code });
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

export interface ProviderStart {
  readonly provider: SignInProviderId;
  /** The page of ours to show afterwards. */
  readonly next: string;
  /** The end of an invitation's link, with which somebody unknown may come in. */
  readonly invitation?: string;
}

/** Where to go to sign in with a provider. */
export async function startProviderSignIn({
  provider,
  next,
  invitation,
}: ProviderStart): Promise<{ readonly ok: true; readonly url: string } | Extract<AuthOutcome, { ok: false }>> {
  const headers = invitation === undefined ? {} : { [INVITATION_HEADER]: invitation };
  const outcome = await send("/api/auth/sign-in/social", { provider, next }, headers);
  if (!outcome.ok) return outcome;
  const { url } = (outcome.body ?? {}) as { url?: unknown };
  const isAddress = typeof url === "string" && /^https?:/.test(url);
  return isAddress ? { ok: true, url } : { ok: false, failure: "unexpected", code: null };
}

/** What people who are not signed in may know of the server. */
export interface Setup {
  /** Whether the database holds no person yet, so that nobody could sign in. */
  readonly needsFirstUser: boolean;
  readonly signInProviders: readonly OfferedProvider[];
  /** What becomes of mails; null until the server has answered. */
  readonly mail: MailWay | null;
}

/** Unknown counts as nothing special. */
export async function readSetup(): Promise<Setup> {
  try {
    const response = await fetch("/api/setup", { credentials: "same-origin" });
    if (response.ok) return (await response.json()) as Setup;
  } catch {
    // As below.
  }
  return { needsFirstUser: false, signInProviders: [], mail: "sent" };
}

export async function post(path: string, body: object, headers: Record<string, string> = {}): Promise<AuthOutcome> {
  const outcome = await send(path, body, headers);
  return outcome.ok ? { ok: true } : outcome;
}

type Sent = { readonly ok: true; readonly body: unknown } | Extract<AuthOutcome, { ok: false }>;

async function send(path: string, body: object, headers: Record<string, string>): Promise<Sent> {
  try {
    const response = await fetch(path, {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    if (response.ok) return { ok: true, body: await response.json().catch(() => null) };
    const refused = { ok: false, failure: failureOfStatus(response.status), code: await codeOf(response) } as const;
    const retryAfterSeconds = Number(response.headers.get("retry-after"));
    return retryAfterSeconds >= 1 ? { ...refused, retryAfterSeconds } : refused;
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
