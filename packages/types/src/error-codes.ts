/**
 * Every error a caller can meet, in all three doors. The code is stable; `status` is what REST answers; `title` is the
 * problem's title; `mend` is what the documentation says to do. docs/errors.md is printed from this file.
 */
interface ErrorDefinition {
  readonly status: number;
  readonly title: string;
  readonly mend: string;
}

export const ERRORS = {
  key_missing: { status: 401, title: "No API key", mend: "Send the key in one `x-api-key` header. A browser session also works where the route says so." },
  key_malformed: { status: 401, title: "Malformed API key", mend: "The key is not one that was ever handed out: look for a missing or mistyped character, spaces, quotes or a line break, and paste it again." },
  key_invalid: { status: 401, title: "Unknown API key", mend: "The key is well-formed but unknown here. Check that it belongs to this deployment, or create a new one." },
  key_revoked: { status: 401, title: "Revoked API key", mend: "The key was revoked for good. Create a new one and deploy it." },
  key_expired: { status: 401, title: "Expired API key", mend: "The key has passed its expiry. Create a new one and deploy it." },
  key_owner_inactive: { status: 401, title: "The key's owner is inactive", mend: "The person who made the key has left the team or is banned. Another admin has to create a new key." },
  wrong_header: { status: 401, title: "Wrong header", mend: "Send the key as `x-api-key`, not as `Authorization: Bearer`." },
  unauthenticated: { status: 401, title: "Not signed in", mend: "Sign in; the session may have expired." },
  subscription_inactive: { status: 402, title: "Subscription inactive", mend: "The team's subscription is canceled, so keys can neither be made nor used. The billing page (`billingUrl`) says more, and how to renew it." },
  permission_missing: { status: 403, title: "Permission missing", mend: "The error names the permission that is needed. Ask an admin for a role, or make a key, that has it." },
  second_factor_required: { status: 403, title: "Second factor required", mend: "The team requires a second factor of its owners and admins, or the platform of its super admins. Set one up on `/settings/account`; keys keep working meanwhile." },
  session_required: { status: 403, title: "Only for signed-in people", mend: "No key may do this. Sign in and use the page or GraphQL; integrations use `/api/v1`." },
  origin_refused: { status: 403, title: "Origin refused", mend: "Send an `Origin` header equal to the server's own address, or have the operator add yours to `TRUSTED_ORIGINS`." },
  not_found: { status: 404, title: "Not found", mend: "It does not exist, or you may not see it. Check the id and the team." },
  method_not_allowed: { status: 405, title: "Method not allowed", mend: "The `Allow` header lists the methods this route has." },
  already_replaced: { status: 409, title: "Already replaced", mend: "The key already has a replacement that is not revoked. Revoke that one first, or replace it instead." },
  key_limit_reached: { status: 409, title: "Key limit reached", mend: "The plan allows no more active keys: `scope` says of whom (the team, or the person who makes them), `limit` how many, `active` how many there are. Revoke one that is no longer needed, or change the plan (`billingUrl`)." },
  no_team_selected: { status: 409, title: "No team selected", mend: "Select a team, or send `teamId`." },
  last_owner: { status: 409, title: "Last owner", mend: "A team keeps at least one owner. Make somebody else an owner first." },
  invitation_invalid: { status: 410, title: "Invitation no longer valid", mend: "The link was used, cancelled, replaced or is older than 7 days, or it was made for another e-mail address. Ask an admin of the team for a new one." },
  invalid_json: { status: 400, title: "Not JSON", mend: "The body could not be read as JSON." },
  malformed_request: { status: 400, title: "Malformed request", mend: "What was sent is not HTTP as it should be. Look at what stands between your program and the server." },
  too_large: { status: 413, title: "Body too large", mend: "A body holds at most 64 KiB." },
  unsupported_media_type: { status: 415, title: "Unsupported media type", mend: "Send the body as `application/json`." },
  invalid_input: { status: 422, title: "Invalid input", mend: "Each entry of `errors` names a field by its path and says what is wrong with it." },
  idempotency_conflict: { status: 422, title: "Idempotency key used for something else", mend: "Within 24 hours the same idempotency key came with another input. Repeat the earlier call unchanged to see what it made, or send a new key for a new call." },
  header_too_large: { status: 431, title: "Header too large", mend: "The headers of a request hold at most 16 KiB; a key has 41 to 47 characters." },
  rate_limited: { status: 429, title: "Too many requests", mend: "Repeat the call after `Retry-After` seconds. `RateLimit` in every answer says how many calls are left, `RateLimit-Policy` how many there are a minute." },
  internal: { status: 500, title: "Internal error", mend: "Our mistake. Report the request id." },
  provider_unavailable: { status: 503, title: "Sign-in provider unavailable", mend: "The provider that was to sign somebody in does not answer, or not as it should. Repeat it in a moment, or sign in with a password." },
  unavailable: { status: 503, title: "Unavailable", mend: "The server cannot ask its database right now, so it cannot know. Repeat the call after `Retry-After` seconds." },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof ERRORS;

export interface FieldError {
  /** Where in the input, as JSON path segments: `["permissions", 2]`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What an error carries beyond its code and sentence. */
export interface ErrorDetails {
  readonly errors?: readonly FieldError[];
  readonly requiredPermission?: string;
  /** Of a limit of the plan: of whom, how many are allowed, and how many there are. */
  readonly scope?: string;
  readonly limit?: number;
  readonly active?: number;
}
