import type { BetterAuthPlugin, GenericEndpointContext } from "better-auth";
import { createAuthMiddleware, getSessionFromCtx, isAPIError } from "better-auth/api";
import type { AccountEvents } from "../modules/account/account-events.service.ts";
import { providerRefusalOf } from "./provider-sign-in.ts";
import { personAtSecondStep } from "./second-factor.ts";
import { CLIENT_IP_HEADER, REQUEST_ID_HEADER } from "./door-headers.ts";

/** Where an account's event came from: what the door has written into the request's headers. */
export function sourceOf(headers: Headers | null | undefined) {
  return {
    ip: headers?.get(CLIENT_IP_HEADER) ?? null,
    userAgent: headers?.get("user-agent")?.slice(0, 400) ?? null,
    requestId: headers?.get(REQUEST_ID_HEADER) ?? null,
  };
}

/**
 * Who came in, and who did not, whichever way they took: recorded beside Better Auth's own transaction, and before its
 * answer. A sign-in that cannot be recorded gives no cookie.
 */
export function accountEvents(events: AccountEvents): BetterAuthPlugin {
  const record = createAuthMiddleware(async (context) => {
    const way = wayOf(context);
    // A second step that a signed-in person takes confirms their authenticator: it is no sign-in.
    if (way === null || (way.isSecondStep && (await getSessionFromCtx(context)) !== null)) return;
    const source = sourceOf(context.headers);
    const made = context.context.newSession;
    if (made !== null) return events.signedIn(source, { userId: made.user.id, method: way.method });
    const reason = failureOf(context);
    if (reason !== null) return events.signInFailed(source, { userId: await way.person(), method: way.method, reason });
  });
  return { id: "account-events", hooks: { after: [{ matcher: ({ path }) => isWayIn(path), handler: record }] } };
}

interface WayIn {
  readonly method: string;
  readonly isSecondStep: boolean;
  /** Who tried to come in, where that is known. */
  readonly person: () => Promise<string | null>;
}

const PASSWORD = "/sign-in/email";
const PROVIDER = "/callback/:id";
const SECOND_STEPS: Readonly<Record<string, string>> = {
  "/two-factor/verify-totp": "second_factor",
  "/two-factor/verify-backup-code": "recovery_code",
};

const isWayIn = (path: string | undefined): boolean =>
  path === PASSWORD || path === PROVIDER || (path !== undefined && Object.hasOwn(SECOND_STEPS, path));

function wayOf(context: GenericEndpointContext): WayIn | null {
  const second = SECOND_STEPS[context.path];
  if (second !== undefined) return { method: second, isSecondStep: true, person: () => personAtSecondStep(context) };
  if (context.path === PROVIDER) {
    const { id } = (context.params ?? {}) as { id?: string };
    return { method: id ?? "provider", isSecondStep: false, person: async () => null };
  }
  const { email } = (context.body ?? {}) as { email?: unknown };
  if (context.path !== PASSWORD || typeof email !== "string") return null;
  const find = async () => (await context.context.internalAdapter.findUserByEmail(email))?.user.id ?? null;
  return { method: "password", isSecondStep: false, person: find };
}

/** Better Auth's words in ours. What anybody could send without knowing anybody (a stale page, a made-up callback) is none. */
const REASONS: Readonly<Record<string, string>> = {
  INVALID_EMAIL_OR_PASSWORD: "wrong_password",
  EMAIL_NOT_VERIFIED: "email_not_confirmed",
  FAILED_TO_CREATE_SESSION: "not_allowed",
  INVALID_CODE: "wrong_code",
  INVALID_BACKUP_CODE: "wrong_code",
  CODE_ALREADY_USED: "used_code",
  ACCOUNT_TEMPORARILY_LOCKED: "locked",
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: "locked",
};

/** Refusals that only somebody gets whom the provider has let in. */
const OF_SOMEBODY: ReadonlySet<string> = new Set([
  "email_missing",
  "email_not_verified",
  "account_not_verified",
  "identity_conflict",
  "invitation_needed",
  "not_allowed",
]);

function failureOf(context: GenericEndpointContext): string | null {
  const { returned } = context.context as { returned?: unknown };
  if (!isAPIError(returned)) return null;
  if (context.path === PROVIDER) {
    const code = providerRefusalOf(new Headers(returned.headers as HeadersInit).get("location"));
    return code !== null && OF_SOMEBODY.has(code) ? code : null;
  }
  const { code } = (returned.body ?? {}) as { code?: unknown };
  return typeof code === "string" ? (REASONS[code] ?? null) : null;
}
