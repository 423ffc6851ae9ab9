import { SIGN_IN_REFUSALS, type SignInRefusalCode } from "@latchkey/types/sign-in-refusals";

/**
 * Search parameters are plain strings. The router's own reading would turn `?q=2026` into a number and `?q=true` into a
 * boolean; here each is the text somebody typed.
 */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** The inverse; what is undefined is left out. */
export function stringifySearch(search: Record<string, unknown>): string {
  const present = Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const text = new URLSearchParams(present).toString();
  return text === "" ? "" : `?${text}`;
}

const SIGN_IN_NOTICES = ["session-ended", "password-set", "signed-out"] as const;
export type SignInNotice = (typeof SIGN_IN_NOTICES)[number];

export interface SignInSearch {
  readonly next?: string;
  readonly notice?: SignInNotice;
  /** Why a sign-in through a provider ended here. */
  readonly error?: SignInRefusalCode;
  /** The password was right, or a provider said who it is: a code is asked for. */
  readonly step?: "second-factor";
}

export function parseSignInSearch(search: Record<string, unknown>): SignInSearch {
  const { next, notice, error, step } = search;
  const known = SIGN_IN_NOTICES.find((candidate) => candidate === notice);
  const refusal = SIGN_IN_REFUSALS.find((candidate) => candidate === error);
  return {
    ...(typeof next === "string" ? { next } : {}),
    ...(known === undefined ? {} : { notice: known }),
    ...(refusal === undefined ? {} : { error: refusal }),
    ...(step === "second-factor" ? { step } : {}),
  };
}

export interface ResetPasswordSearch {
  readonly token?: string;
  readonly error?: string;
}

export function parseResetPasswordSearch(search: Record<string, unknown>): ResetPasswordSearch {
  const { token, error } = search;
  return {
    ...(typeof token === "string" && token !== "" ? { token } : {}),
    ...(typeof error === "string" ? { error } : {}),
  };
}
