import { INVITATION_HEADER } from "@latchkey/types/inputs/invitations";
import type { Config } from "../config.ts";
import { DomainError, unavailable } from "../platform/domain-error.ts";
import { assertJson } from "../platform/media-type.ts";
import { assertTrustedOrigin } from "../platform/origin.ts";
import type { Arrival } from "../platform/rest/environment.ts";
import type { AccountRoute } from "./account-routes.ts";
import type { Auth } from "./better-auth.ts";
import { CLIENT_IP_HEADER, REQUEST_ID_HEADER } from "./door-headers.ts";
import { admitMailRequest, MAIL_ROUTES } from "./mail-routes.ts";
import { openAuthPaths } from "./open-auth-paths.ts";
import { noticingOutages } from "./outage-watch.ts";
import {
  admitProviderStart,
  isProviderCallback,
  PROVIDER_START_ROUTE,
  providerCallback,
  providerStart,
} from "./provider-sign-in.ts";
import { admitSignUp, SIGN_UP_ROUTE, type IsInvited } from "./sign-up.ts";
import { withoutTokens } from "./without-tokens.ts";

export type AuthDoor = (request: Request, arrival: Arrival) => Promise<Response>;

/** What stands between the network and Better Auth: only open routes, only trusted pages, never a key, an address of ours. */
export function createAuthDoor(
  auth: Auth,
  config: Pick<Config, "signUp" | "signInProviders" | "smtp" | "isLocal" | "allowedOrigins" | "publicUrl">,
  isInvited: IsInvited,
  accountRoutes: ReadonlyMap<string, AccountRoute>,
): AuthDoor {
  const open = openAuthPaths(config);
  return async (request, arrival) => {
    const { pathname } = new URL(request.url);
    const route = `${request.method} ${pathname}`;
    const isSignUp = route === SIGN_UP_ROUTE;
    const accountRoute = accountRoutes.get(route);
    const mayPass =
      open.has(route) || accountRoute !== undefined || (isSignUp && request.headers.has(INVITATION_HEADER));
    if (!mayPass) throw new DomainError("not_found", "There is no such route.");
    if (request.headers.has("x-api-key")) {
      throw new DomainError("session_required", "Keys do not sign in. Send the key to /api/v1, or leave it out here.");
    }
    if (request.method !== "GET") {
      assertTrustedOrigin(request.headers, config.allowedOrigins);
      assertJson(request.headers);
    }
    if (accountRoute !== undefined) return accountRoute(request, arrival, (admitted) => pass(admitted, arrival));
    if (isSignUp) return pass(await admitSignUp(request, open.has(route), isInvited), arrival);
    if (MAIL_ROUTES.includes(route)) return pass(await admitMailRequest(route, request), arrival);
    if (route === PROVIDER_START_ROUTE) {
      const start = await admitProviderStart(request, config.publicUrl);
      return providerStart(() => pass(start, arrival));
    }
    return isProviderCallback(pathname) ? providerCallback(() => pass(request, arrival)) : pass(request, arrival);
  };

  async function pass(admitted: Request, { ip, requestId }: Arrival): Promise<Response> {
    const headers = new Headers(admitted.headers);
    headers.set(CLIENT_IP_HEADER, ip);
    headers.set(REQUEST_ID_HEADER, requestId);
    const outcome = await noticingOutages(() => auth.handler(new Request(admitted, { headers })));
    if ("outage" in outcome) throw unavailable(outcome.outage);
    return withoutTokens(outcome.result);
  }
}
