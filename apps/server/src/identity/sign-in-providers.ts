import type { AuthContext, BetterAuthPlugin } from "better-auth";
import { APIError, getOAuthState } from "better-auth/api";
import { verifyProviderIdToken, type OAuthProvider } from "better-auth/oauth2";
import { github, google, microsoft } from "better-auth/social-providers";
import type { Logger } from "pino";
import { nameOf } from "@latchkey/types/inputs/name";
import type { OfferedProvider, SignInProviderId } from "@latchkey/types/sign-in-refusals";
import type { Config } from "../config.ts";
import { isLoopback } from "../settings/origins.ts";
import type { SignInProviderSettings } from "../settings/sign-in-providers.ts";
import { admitIdentity, type Identity } from "./admit-identity.ts";
import { createOidcDiscovery } from "./oidc-discovery.ts";
import { providerAnswer } from "./provider-answer.ts";
import { REFUSED_PATH } from "./provider-sign-in.ts";
import { SignInRefusal } from "./sign-in-refusal.ts";
import type { IsInvited } from "./sign-up.ts";

interface Dependencies {
  readonly config: Pick<Config, "signInProviders" | "signUp">;
  readonly logger: Logger;
  readonly startSession: (userId: string) => Promise<object | null>;
  readonly isInvited: IsInvited;
}

/** One that is configured. */
interface Source {
  readonly id: SignInProviderId;
  /** What `iss` of a callback has to be, if it is there. */
  readonly issuer?: string;
  /** Whether it signs who somebody is, for us and for this one sign-in. */
  readonly hasIdToken: boolean;
  /** To send somebody there: fails if it does not answer. */
  readonly onTheWay: () => Promise<OAuthProvider>;
  readonly onTheWayBack: () => Promise<OAuthProvider>;
}

type Exchange = Parameters<OAuthProvider["validateAuthorizationCode"]>[0];
type Admit = (identity: Identity) => Promise<void>;

/** The providers that are configured, in the order in which the page offers them. */
export function offeredProviders({ google, github, microsoft, oidc }: SignInProviderSettings): OfferedProvider[] {
  const offered: OfferedProvider[] = [];
  if (oidc !== null) offered.push({ id: "oidc", name: oidc.name });
  if (google !== null) offered.push({ id: "google", name: "Google" });
  if (microsoft !== null) offered.push({ id: "microsoft", name: "Microsoft" });
  if (github !== null) offered.push({ id: "github", name: "GitHub" });
  return offered;
}

/** A plugin of Better Auth that adds OAuth and OIDC as configured: its providers, held to our rules. */
export function signInProviders({ config, logger, startSession, isInvited }: Dependencies): BetterAuthPlugin {
  return {
    id: "sign-in-providers",
    init(context) {
      // Encrypted in the browser's own cookie. A row for each start could be made by anybody, and would hold the end of
      // an invitation's link in plain text.
      context.oauthConfig.storeStateStrategy = "cookie";
      for (const source of sources(config.signInProviders, context)) {
        const admit = async (identity: Identity) => {
          const accounts = context.internalAdapter;
          const maySignIn = async (userId: string) => (await startSession(userId)) !== null;
          const rules = { accounts, maySignIn, isSignUpOpen: config.signUp === "open", isInvited };
          await admitIdentity(identity, await invitationOf(source), rules);
        };
        context.socialProviders.push(guarded(source, admit, logger));
      }
    },
  };
}

function sources(settings: SignInProviderSettings, context: AuthContext): Source[] {
  const found: Source[] = [];
  const known = (provider: OAuthProvider, id: SignInProviderId) => {
    const open = async () => provider;
    found.push({ id, hasIdToken: provider.idToken !== undefined, onTheWay: open, onTheWayBack: open });
  };
  if (settings.google !== null) known(google({ ...settings.google, includeGrantedScopes: false }), "google");
  if (settings.github !== null) known(github(settings.github), "github");
  if (settings.microsoft !== null) {
    // Who somebody is, and nothing of what they have there.
    const narrow = { disableDefaultScope: true, scope: ["openid", "profile", "email"], disableProfilePhoto: true };
    known(microsoft({ ...settings.microsoft, ...narrow }), "microsoft");
  }
  if (settings.oidc !== null) {
    const { issuer } = settings.oidc;
    const { discoverAnew, lastKnown } = createOidcDiscovery(settings.oidc, context, Date.now);
    found.push({ id: "oidc", issuer, hasIdToken: true, onTheWay: discoverAnew, onTheWayBack: lastKnown });
  }
  return found;
}

/**
 * Better Auth's provider, with what it does not do by itself: an answer in time, a nonce and a verified ID token from
 * each that has one, and our decision before it writes. The code is exchanged where the person is read, in
 * `getUserInfo`: tokens of the provider do not get to where Better Auth would store them, and an outage is not taken
 * for a wrong code.
 */
function guarded(source: Source, admit: Admit, logger: Logger): OAuthProvider {
  const answer = <Answer>(ask: () => Promise<Answer>) => providerAnswer({ provider: source.id, logger }, ask);
  return {
    id: source.id,
    name: source.id,
    issuer: source.issuer,
    requiresIdTokenNonce: source.hasIdToken,
    accountSubject: ({ profile }) => (profile as { readonly subject: string }).subject,
    createAuthorizationURL: (data) =>
      answer(async () => {
        const url = await (await source.onTheWay()).createAuthorizationURL(data);
        if (data.idTokenNonce !== undefined) url.searchParams.set("nonce", data.idTokenNonce);
        if (url.protocol !== "https:" && !isLoopback(url.hostname)) throw new Error(`${url.origin} is not https.`);
        return url;
      }),
    validateAuthorizationCode: async (exchange) => ({ raw: { exchange } }),
    async getUserInfo({ raw, expectedIdTokenNonce }) {
      const exchange = raw?.["exchange"] as Exchange;
      try {
        const identity = await answer(() => identify(source, exchange, expectedIdTokenNonce));
        await admit(identity);
        const { subject, email, isEmailVerified, name } = identity;
        return { user: { name, email, emailVerified: isEmailVerified }, data: { subject } };
      } catch (error) {
        throw error instanceof SignInRefusal ? await redirectOf(error) : error;
      }
    },
  };
}

async function identify(source: Source, exchange: Exchange, nonce: string | undefined): Promise<Identity> {
  const provider = await source.onTheWayBack();
  const tokens = await provider.validateAuthorizationCode(exchange);
  if (tokens === null) throw new Error("The code was not exchanged.");
  if (source.hasIdToken) {
    const { idToken } = tokens;
    const isGenuine =
      idToken !== undefined && nonce !== undefined && (await verifyProviderIdToken(provider, idToken, nonce));
    if (!isGenuine) throw new Error("There is no ID token for this sign-in, signed by this issuer.");
  }
  const found = await provider.getUserInfo({
    ...tokens,
    ...(nonce === undefined ? {} : { expectedIdTokenNonce: nonce }),
  });
  if (found === null) throw new Error("The provider does not say who it is.");
  const { email, name, emailVerified } = found.user;
  const subject = String(await provider.accountSubject({ tokens, profile: found.data }));
  if (["", "undefined", "null"].includes(subject.trim())) throw new Error("The provider gives no subject.");
  const address = email ?? null;
  return {
    provider: source.id,
    subject,
    email: address,
    isEmailVerified: emailVerified,
    name: nameFrom(name, address),
  };
}

/** The name at the provider, if it is one; else what is in front of the @. */
function nameFrom(name: string | undefined, email: string | null): string {
  const parsed = nameOf("person").safeParse(name);
  return parsed.success ? parsed.data : (email?.split("@")[0] ?? "");
}

/** The refusal as Better Auth gives its own: back to where the sign-in was started. */
async function redirectOf({ code }: SignInRefusal): Promise<APIError> {
  const state = await getOAuthState();
  const location = new URL(state?.errorURL ?? REFUSED_PATH, "http://latchkey.invalid");
  location.searchParams.set("error", code);
  return new APIError("FOUND", undefined, { location: location.href });
}

/** Of the start of this sign-in, from its state. A state that was made for another provider is none. */
async function invitationOf(source: Source): Promise<string | null> {
  const state = await getOAuthState();
  if (state?.["provider"] !== source.id) throw new SignInRefusal("expired");
  return typeof state["invitation"] === "string" ? state["invitation"] : null;
}
