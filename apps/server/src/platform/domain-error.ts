import { ERRORS, type ErrorCode, type ErrorDetails, type FieldError } from "@latchkey/types/error-codes";
import type { Permission } from "@latchkey/types/permissions";
import type { KeyLimitScope, ReachedKeyLimit } from "@latchkey/types/plans";

/**
 * A failure that a caller is meant to meet. Its message is for them, its code is stable. Everything that is thrown and
 * is not a DomainError is a bug or an outage: masked, and logged once with its cause.
 */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    // Nobody reads where a refusal was made, and to find out costs more than to verify a key. Its cause keeps its own.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message, options);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = "DomainError";
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

// The failures below are members of GraphQL's result unions, one class per type.

export class InvalidInputError extends DomainError {
  readonly fields: readonly FieldError[];

  constructor(fields: readonly FieldError[]) {
    const sentences = fields.map(({ path, message }) =>
      path.length === 0 ? message : `${path.join(".")}: ${message}`,
    );
    super("invalid_input", sentences.join(" "), { errors: fields });
    this.fields = fields;
  }
}

export class PermissionMissingError extends DomainError {
  readonly requiredPermission: Permission;

  constructor(requiredPermission: Permission, message = `This needs the permission ${requiredPermission}.`) {
    super("permission_missing", message, { requiredPermission });
    this.requiredPermission = requiredPermission;
  }
}

export class SubscriptionInactiveError extends DomainError {
  constructor() {
    super(
      "subscription_inactive",
      "The team's subscription is canceled, so keys can neither be made nor used. See the billing page for how to renew it.",
    );
  }
}

/** The plan leaves no room for another active key. */
export class KeyLimitReachedError extends DomainError {
  readonly scope: KeyLimitScope;
  readonly limit: number;
  readonly active: number;

  constructor({ scope, limit, active }: ReachedKeyLimit) {
    const keys = `${active} active ${active === 1 ? "key" : "keys"}`;
    const state = {
      team: `The team has ${keys}, and its plan allows ${limit}.`,
      creator: `You have ${keys} in this team, and its plan allows each person ${limit}.`,
    };
    const mend = "Revoke one that is no longer needed, or see the billing page for a larger plan.";
    super("key_limit_reached", `${state[scope]} ${mend}`, { scope, limit, active });
    this.scope = scope;
    this.limit = limit;
    this.active = active;
  }
}

/** Also for what exists and may not be seen: the two must not be told apart. */
export class NotFoundError extends DomainError {
  constructor(
    what: "key" | "team" | "subscription" | "member" | "invitation" | "person" | "session" | "notification" | "request",
  ) {
    super("not_found", `There is no such ${what}, or you may not see it.`);
  }
}

type ConflictCode =
  | "already_replaced"
  | "no_team_selected"
  | "last_owner"
  | "invitation_invalid"
  | "idempotency_conflict";

export class ConflictError extends DomainError {
  constructor(code: ConflictCode, message: string) {
    super(code, message);
  }
}

export function unauthenticated(
  message = "You are not signed in, or the session has expired. Sign in again.",
): DomainError {
  return new DomainError("unauthenticated", message);
}

/** `who` says of whom it is required. */
export function secondFactorRequired(who: string): DomainError {
  return new DomainError("second_factor_required", `${who} Set one up on /settings/account, then go on.`);
}

/** What was asked for has happened, and its record waits: the caller only cannot be told in time. */
export function unrecorded(): DomainError {
  return unavailable(new Error("The call was not recorded in time."));
}

/** The database could not be asked, so the answer is neither yes nor no. */
export function unavailable(cause: unknown): DomainError {
  return new DomainError(
    "unavailable",
    "The server cannot reach its database right now. Try again shortly.",
    {},
    { cause },
  );
}
