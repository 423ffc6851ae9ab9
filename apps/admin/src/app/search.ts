import { parseSearchWith, stringifySearchWith } from "@tanstack/react-router";

/** Search parameters are plain strings: `?q=2026` is a search for the text 2026, not for a number. */
export const parseSearch = parseSearchWith((value) => value);
export const stringifySearch = stringifySearchWith(String);

const SIGN_IN_NOTICES = ["session-ended", "password-set", "signed-out"] as const;
export type SignInNotice = (typeof SIGN_IN_NOTICES)[number];

export interface SignInSearch {
  readonly next?: string;
  readonly notice?: SignInNotice;
}

export function parseSignInSearch(search: Record<string, unknown>): SignInSearch {
  const { next, notice } = search;
  const known = SIGN_IN_NOTICES.find((candidate) => candidate === notice);
  return { ...(typeof next === "string" ? { next } : {}), ...(known === undefined ? {} : { notice: known }) };
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
