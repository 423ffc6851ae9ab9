import type { AuthOutcome } from "../../session/auth-requests.ts";

export type SecondStepErrorKey =
  | "wrongCode"
  | "wrongRecoveryCode"
  | "used"
  | "startOver"
  | "locked"
  | "unavailable"
  | "unreachable"
  | "unexpected";

const BY_CODE: Readonly<Record<string, SecondStepErrorKey>> = {
  INVALID_CODE: "wrongCode",
  INVALID_BACKUP_CODE: "wrongRecoveryCode",
  CODE_ALREADY_USED: "used",
  // The first step is ten minutes ago, or five codes were wrong.
  INVALID_TWO_FACTOR_COOKIE: "startOver",
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: "startOver",
  ACCOUNT_TEMPORARILY_LOCKED: "locked",
};

export function secondStepErrorKey({ failure, code }: Extract<AuthOutcome, { ok: false }>): SecondStepErrorKey {
  const known = BY_CODE[code ?? ""];
  if (known !== undefined) return known;
  switch (failure) {
    case "rate_limited":
      return "locked";
    case "unavailable":
    case "unreachable":
      return failure;
    default:
      return "unexpected";
  }
}
