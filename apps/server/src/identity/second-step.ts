import type { GenericEndpointContext } from "better-auth";
import { createAuthMiddleware, isAPIError } from "better-auth/api";
import { deleteSessionCookie } from "better-auth/cookies";
import { generateRandomString } from "better-auth/crypto";

/** The plugin's name for who is half-way through signing in. */
export const SECOND_STEP_COOKIE = "two_factor";
export const SECOND_STEP_SECONDS = 10 * 60;

/**
 * The plugin asks for a code after a password alone. Whoever signs in with a provider is asked too: the second factor is
 * the account's, and the provider's own says nothing to a team that requires one here. Any route that has made a session
 * without a code, of somebody who has a second factor, ends in the second step instead.
 */
export const askForSecondStep = createAuthMiddleware(async (context) => {
  const made = context.context.newSession;
  if (made === null || made.user["twoFactorEnabled"] !== true || made.session["secondFactorAt"] instanceof Date) return;
  deleteSessionCookie(context, true);
  await context.context.internalAdapter.deleteSession(made.session.token);
  context.context.setNewSession(null);
  await beginSecondStep(context, made.user.id);
  const next = redirectTarget(context);
  if (next === null) return context.json({ twoFactorRedirect: true });
  throw context.redirect(`/sign-in?${new URLSearchParams({ step: "second-factor", next }).toString()}`);
});

/** As the plugin begins it: who it is, and how often they have tried, under a name that only their cookie holds. */
async function beginSecondStep(context: GenericEndpointContext, userId: string): Promise<void> {
  const { context: auth } = context;
  const cookie = auth.createAuthCookie(SECOND_STEP_COOKIE, { maxAge: SECOND_STEP_SECONDS });
  const identifier = `2fa-${generateRandomString(20)}`;
  const expiresAt = new Date(Date.now() + SECOND_STEP_SECONDS * 1_000);
  const attempts = `2fa-attempts-${identifier}`;
  await auth.internalAdapter.createVerificationValue({ value: userId, identifier, expiresAt });
  await auth.internalAdapter.createVerificationValue({ value: "0", identifier: attempts, expiresAt });
  await context.setSignedCookie(cookie.name, identifier, auth.secret, cookie.attributes);
}

/** Where a redirect would have led, as a path of ours; null for an answer to a script. */
function redirectTarget(context: GenericEndpointContext): string | null {
  const { returned, baseURL } = context.context as { returned?: unknown; baseURL: string };
  if (!isAPIError(returned)) return null;
  const location = new Headers(returned.headers as HeadersInit).get("location");
  if (location === null) return null;
  const { origin, pathname, search, hash } = new URL(location, baseURL);
  return origin === new URL(baseURL).origin ? pathname + search + hash : "/";
}
