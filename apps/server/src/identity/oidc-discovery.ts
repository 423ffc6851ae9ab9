import type { AuthContext } from "better-auth";
import type { OAuthProvider } from "better-auth/oauth2";
import { genericOAuth } from "better-auth/plugins/generic-oauth";
import type { OidcClient } from "../settings/sign-in-providers.ts";
import { PATIENCE_MILLISECONDS, ProviderOutage } from "./provider-answer.ts";
import { SignInRefusal } from "./sign-in-refusal.ts";

/** For the way back. Endpoints and signing algorithms change seldom, and then without telling us. */
const FRESH_MILLISECONDS = 60 * 60 * 1000;

/**
 * The OIDC provider as its discovery document describes it. Better Auth's plugin would ask for that while it starts,
 * without a limit in time: every sign-in of this server would wait for the provider then. Here it is asked for by each
 * sign-in that starts, which also tells whether it makes sense to send somebody there.
 */
export function createOidcDiscovery(client: OidcClient, context: AuthContext, now: () => number) {
  let known: { readonly provider: OAuthProvider; readonly at: number } | null = null;
  let asked: { readonly answer: Promise<OAuthProvider>; readonly at: number } | null = null;
  const ask = async (): Promise<OAuthProvider> => {
    try {
      const provider = await discover(client, context);
      known = { provider, at: now() };
      return provider;
    } finally {
      asked = null;
    }
  };
  // One question at a time: anybody can start a sign-in, and must not make this server flood the provider.
  const discoverAnew = (): Promise<OAuthProvider> => {
    if (asked === null || now() - asked.at > PATIENCE_MILLISECONDS) asked = { answer: ask(), at: now() };
    return asked.answer;
  };
  return {
    discoverAnew,
    lastKnown: async () => (known !== null && now() - known.at < FRESH_MILLISECONDS ? known.provider : discoverAnew()),
  };
}

async function discover(client: OidcClient, context: AuthContext): Promise<OAuthProvider> {
  const { issuer, clientId, clientSecret, clientAuth } = client;
  const plugin = genericOAuth({
    config: [
      {
        providerId: "oidc",
        discoveryUrl: `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
        clientId,
        clientSecret,
        authentication: clientAuth,
        scopes: ["openid", "email", "profile"],
        pkce: true,
        requireIdTokenVerification: true,
      },
    ],
  });
  // An empty list: it would warn of a provider with the same name, which is the one that asks here.
  const { context: found } = await plugin.init({ ...context, socialProviders: [] });
  const [provider] = found.socialProviders;
  if (provider === undefined) throw new ProviderOutage("There is no usable discovery document.");
  if (provider.issuer !== issuer) {
    const cause = new Error(
      `The discovery document is of the issuer ${provider.issuer}, and OIDC_ISSUER is ${issuer}.`,
    );
    throw new SignInRefusal("provider_refused", { cause });
  }
  return provider;
}
