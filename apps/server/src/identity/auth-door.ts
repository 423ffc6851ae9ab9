import { INVITATION_HEADER } from "@latchkey/types/inputs/invitations";
import type { Config } from "../config.ts";
import { DomainError, unavailable } from "../platform/domain-error.ts";
import { assertJson } from "../platform/media-type.ts";
import { assertTrustedOrigin } from "../platform/origin.ts";
import { CLIENT_IP_HEADER, type Auth } from "./better-auth.ts";
import { admitMailRequest, MAIL_ROUTES } from "./mail-routes.ts";
import { openAuthPaths } from "./open-auth-paths.ts";
import { noticingOutages } from "./outage-watch.ts";
import { admitSignUp, SIGN_UP_ROUTE, type IsInvited } from "./sign-up.ts";

export type AuthDoor = (request: Request, ip: string) => Promise<Response>;

/** What stands between the network and Better Auth: only open routes, only trusted pages, never a key, an address of ours. */
export function createAuthDoor(
  auth: Auth,
  config: Pick<Config, "signUp" | "smtp" | "isLocal" | "allowedOrigins">,
  isInvited: IsInvited,
): AuthDoor {
  const open = openAuthPaths(config);
  return async (request, ip) => {
    const route = `${request.method} ${new URL(request.url).pathname}`;
    const isSignUp = route === SIGN_UP_ROUTE;
    const mayPass = open.has(route) || (isSignUp && request.headers.has(INVITATION_HEADER));
    if (!mayPass) throw new DomainError("not_found", "There is no such route.");
    if (request.headers.has("x-api-key")) {
      throw new DomainError("session_required", "Keys do not sign in. Send the key to /api/v1, or leave it out here.");
    }
    if (request.method !== "GET") {
      assertTrustedOrigin(request.headers, config.allowedOrigins);
      assertJson(request.headers);
    }
    const admitted = await admit(request, route);
    const headers = new Headers(admitted.headers);
    headers.set(CLIENT_IP_HEADER, ip);
    const outcome = await noticingOutages(() => auth.handler(new Request(admitted, { headers })));
    if ("outage" in outcome) throw unavailable(outcome.outage);
    return outcome.result;
  };

  async function admit(request: Request, route: string): Promise<Request> {
    if (route === SIGN_UP_ROUTE) return admitSignUp(request, open.has(route), isInvited);
    return MAIL_ROUTES.includes(route) ? admitMailRequest(route, request) : request;
  }
}
