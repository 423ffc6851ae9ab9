import type { Account, AccountSessions } from "@latchkey/types/account";
import { failureOfStatus, type RequestFailure } from "../../graphql/request-failure.ts";

export interface AccountRefusal {
  readonly ok: false;
  readonly failure: RequestFailure;
  /** The server's own word, if it sent one. */
  readonly code: string | null;
  /** What the server says to people, where it says it. */
  readonly message: string | null;
}

export type AccountOutcome<Answer> = { readonly ok: true; readonly answer: Answer } | AccountRefusal;

/** That it is really oneself. */
export type Proof = { readonly password: string } | { readonly code: string };

export interface NewSecondFactor {
  readonly totpURI: string;
  readonly backupCodes: readonly string[];
}

export const readAccount = () => ask<Account>("GET", "/account");

export const readSessions = () => ask<AccountSessions>("GET", "/account/sessions");

export const endSession = (sessionId: string) => ask<{ ended: number }>("POST", "/account/end-session", { sessionId });

export const endOtherSessions = () => ask<{ ended: number }>("POST", "/account/end-other-sessions", {});

export const setNotificationMail = (isMailed: boolean) =>
  ask<{ isMailed: boolean }>("POST", "/account/notification-mail", { isMailed });

export const changePassword = (currentPassword: string, newPassword: string) =>
  ask<unknown>("POST", "/change-password", { currentPassword, newPassword });

/** `password` of whoever has one. Nothing is on before a code was confirmed. */
export const beginSecondFactor = (password: string | null) =>
  ask<NewSecondFactor>("POST", "/two-factor/enable", password === null ? {} : { password });

export const confirmSecondFactor = (code: string) => ask<unknown>("POST", "/two-factor/verify-totp", { code });

export const disableSecondFactor = (proof: Proof) => ask<unknown>("POST", "/two-factor/disable", proof);

export const renewRecoveryCodes = (proof: Proof) =>
  ask<Pick<NewSecondFactor, "backupCodes">>("POST", "/two-factor/generate-backup-codes", proof);

async function ask<Answer>(method: "GET" | "POST", path: string, body?: object): Promise<AccountOutcome<Answer>> {
  try {
    const response = await fetch(`/api/auth${path}`, {
      method,
      credentials: "same-origin",
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    if (response.ok) return { ok: true, answer: (await response.json()) as Answer };
    return { ok: false, failure: failureOfStatus(response.status), ...(await reasonOf(response)) };
  } catch {
    return { ok: false, failure: "unreachable", code: null, message: null };
  }
}

async function reasonOf(response: Response): Promise<Pick<AccountRefusal, "code" | "message">> {
  const body = (await response.json().catch(() => null)) as {
    code?: unknown;
    detail?: unknown;
    errors?: { message?: unknown }[];
  } | null;
  const sentence = body?.errors?.[0]?.message ?? body?.detail;
  return {
    code: typeof body?.code === "string" ? body.code : null,
    message: typeof sentence === "string" ? sentence : null,
  };
}
