import { INVITATION_HEADER } from "@latchkey/types/inputs/invitations";
import { providerSignInInput } from "@latchkey/types/inputs/provider-sign-in";
import { SIGN_IN_REFUSALS, type SignInRefusalCode } from "@latchkey/types/sign-in-refusals";
import { DomainError } from "../platform/domain-error.ts";
import { parseInput } from "../platform/parse-input.ts";
import { SignInRefusal } from "./sign-in-refusal.ts";
import { readJson } from "./sign-up.ts";

export const PROVIDER_START_ROUTE = "POST /api/auth/sign-in/social";
const CALLBACK_PREFIX = "/api/auth/callback/";
/** Where Better Auth sends its refusals. Nothing is served there: `providerCallback` reads the code and goes on. */
export const REFUSED_PATH = "/api/auth/error";

/** Places on our own server are paths: whose origin it is, the browser knows. */
const SOME_ORIGIN = "http://latchkey.invalid";

export const isProviderCallback = (path: string): boolean => path.startsWith(CALLBACK_PREFIX);

/**
 * The start of a sign-in as Better Auth is to get it. It would take scopes, tokens and addresses of other sites from
 * whoever asks; here the provider is chosen, and which page of ours to show afterwards.
 */
export async function admitProviderStart(request: Request, publicUrl: string): Promise<Request> {
  const { provider, next } = parseInput(providerSignInInput, await readJson(request));
  const body = {
    provider,
    callbackURL: new URL(next, publicUrl).href,
    errorCallbackURL: new URL(`${REFUSED_PATH}?${new URLSearchParams({ next })}`, publicUrl).href,
    disableRedirect: true,
    additionalData: { provider, invitation: request.headers.get(INVITATION_HEADER) },
  };
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  return new Request(request.url, { method: "POST", headers, body: JSON.stringify(body) });
}

/** Nobody is sent to a provider that does not answer: the page says so where they are. */
export async function providerStart(pass: () => Promise<Response>): Promise<Response> {
  try {
    return await pass();
  } catch (error) {
    if (!(error instanceof SignInRefusal)) throw error;
    throw new DomainError(
      "provider_unavailable",
      "The sign-in provider does not answer, or not as it should. Try again in a moment, or sign in with your password.",
      {},
      { cause: error },
    );
  }
}

/** A browser comes back from a provider: whatever Better Auth answers, it is shown a page of ours. */
export async function providerCallback(pass: () => Promise<Response>): Promise<Response> {
  const response = await pass();
  const location = response.headers.get("location");
  if (location === null) return refusedSignIn(response.status === 429 ? "too_many" : "unexpected");
  const url = new URL(location, SOME_ORIGIN);
  const refusal = providerRefusalOf(location);
  const answer =
    refusal !== null
      ? refusedSignIn(refusal, url.searchParams.get("next"))
      : redirectTo(url.pathname + url.search + url.hash);
  // Of the session, and that the state is used up, however it ended.
  for (const cookie of response.headers.getSetCookie()) answer.headers.append("set-cookie", cookie);
  return answer;
}

/** Why Better Auth sends a browser away that came back from a provider; null: it lets it in. */
export function providerRefusalOf(location: string | null): SignInRefusalCode | null {
  if (location === null) return null;
  const url = new URL(location, SOME_ORIGIN);
  return url.pathname === REFUSED_PATH ? codeOf(url.searchParams.get("error")) : null;
}

const redirectTo = (location: string): Response => new Response(null, { status: 302, headers: { location } });

/** Back to /sign-in, which has a sentence for the code. */
export function refusedSignIn(error: SignInRefusalCode, next: string | null = null): Response {
  const query = new URLSearchParams({ error, ...(next === null || next === "/" ? {} : { next }) });
  return redirectTo(`/sign-in?${query}`);
}

/** Better Auth's words, and those of providers (RFC 6749, 4.1.2.1), in ours. What they say besides is not passed on. */
const CODES: Readonly<Record<string, SignInRefusalCode>> = {
  access_denied: "cancelled",
  state_mismatch: "expired",
  state_not_found: "expired",
  state_invalid: "expired",
  nonce_binding_missing: "expired",
  temporarily_unavailable: "provider_unavailable",
  server_error: "provider_unavailable",
  email_not_found: "email_missing",
  account_not_linked: "account_not_verified",
  unable_to_create_session: "not_allowed",
  internal_server_error: "unexpected",
  unable_to_create_user: "unexpected",
  unable_to_link_account: "unexpected",
};

function codeOf(error: string | null): SignInRefusalCode {
  return SIGN_IN_REFUSALS.find((code) => code === error) ?? CODES[error ?? ""] ?? "provider_refused";
}
