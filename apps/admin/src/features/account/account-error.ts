import type { AccountRefusal } from "./account-requests.ts";

export type AccountErrorKey =
  | "wrongPassword"
  | "wrongCode"
  | "used"
  | "locked"
  | "alreadyEnabled"
  | "unauthenticated"
  | "unavailable"
  | "unreachable"
  | "unexpected";

const BY_CODE: Readonly<Record<string, AccountErrorKey>> = {
  INVALID_PASSWORD: "wrongPassword",
  INVALID_CODE: "wrongCode",
  CODE_ALREADY_USED: "used",
  ACCOUNT_TEMPORARILY_LOCKED: "locked",
  TOTP_ALREADY_ENABLED: "alreadyEnabled",
};

export function accountErrorKey({ failure, code }: Pick<AccountRefusal, "failure" | "code">): AccountErrorKey {
  const known = BY_CODE[code ?? ""];
  if (known !== undefined) return known;
  switch (failure) {
    case "rate_limited":
      return "locked";
    case "unauthenticated":
    case "unavailable":
    case "unreachable":
      return failure;
    default:
      return "unexpected";
  }
}

/** Refusals whose sentence only the server can write: it names teams, or what is wrong with an input. */
export function serversSentence({ code, message }: Pick<AccountRefusal, "code" | "message">): string | null {
  return code === "second_factor_required" || code === "invalid_input" || code === "rate_limited" ? message : null;
}
