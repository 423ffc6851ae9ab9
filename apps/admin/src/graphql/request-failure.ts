import { CombinedGraphQLErrors, ServerError, ServerParseError } from "@apollo/client";

/** What went wrong with a request, as far as the page tells cases apart. */
export type RequestFailure =
  | "unauthenticated"
  | "unavailable"
  | "rate_limited"
  | "unreachable"
  | "permission_missing"
  | "second_factor_required"
  | "not_found"
  | "no_team_selected"
  | "invalid_input"
  | "unexpected";

const KNOWN_CODES: ReadonlySet<string> = new Set<RequestFailure>([
  "unauthenticated",
  "unavailable",
  "rate_limited",
  "permission_missing",
  "second_factor_required",
  "not_found",
  "no_team_selected",
  "invalid_input",
]);

/** Reduces whatever a GraphQL request was rejected with to the case the page has words for. */
export function requestFailure(error: unknown): RequestFailure {
  if (CombinedGraphQLErrors.is(error)) return failureOfCode(error.errors[0]?.extensions?.["code"]);
  if (ServerError.is(error)) return failureOfBody(error.bodyText) ?? failureOfStatus(error.statusCode);
  if (ServerParseError.is(error)) return failureOfStatus(error.statusCode);
  // What fetch rejects with: no connection (TypeError), or our own time limit (TimeoutError, AbortError).
  if (error instanceof TypeError || isTimeout(error)) return "unreachable";
  return "unexpected";
}

/** Whether a change may have happened although its answer never arrived. */
export function isOutcomeUnknown(failure: RequestFailure): boolean {
  return failure === "unreachable" || failure === "unavailable" || failure === "unexpected";
}

const REFUSALS: ReadonlySet<unknown> = new Set(["NotFoundError", "PermissionMissingError"]);

/** Whether a change was answered with a refusal that the page would not have offered to meet. */
export function isRefusal(data: Record<string, unknown> | null | undefined): boolean {
  return Object.values(data ?? {}).some(
    (result) =>
      typeof result === "object" && result !== null && "__typename" in result && REFUSALS.has(result.__typename),
  );
}

/** The same reduction for a plain HTTP answer, such as those of /api/auth. */
export function failureOfStatus(status: number): RequestFailure {
  if (status === 401) return "unauthenticated";
  if (status === 429) return "rate_limited";
  if (status === 502 || status === 503 || status === 504) return "unavailable";
  return "unexpected";
}

function failureOfCode(code: unknown): RequestFailure {
  return typeof code === "string" && KNOWN_CODES.has(code) ? (code as RequestFailure) : "unexpected";
}

function failureOfBody(bodyText: string): RequestFailure | null {
  const code = codeIn(bodyText);
  return typeof code === "string" && KNOWN_CODES.has(code) ? (code as RequestFailure) : null;
}

function codeIn(bodyText: string): unknown {
  try {
    const body = JSON.parse(bodyText) as { code?: unknown; errors?: { extensions?: { code?: unknown } }[] };
    return body.errors?.[0]?.extensions?.code ?? body.code;
  } catch {
    return null;
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && (error.name === "TimeoutError" || error.name === "AbortError");
}
