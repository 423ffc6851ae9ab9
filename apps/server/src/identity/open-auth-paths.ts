import type { Config } from "../config.ts";
import { mailWayOf } from "../platform/mail/mail.ts";
import { MAIL_ROUTES } from "./mail-routes.ts";
import { offeredProviders } from "./sign-in-providers.ts";

/**
 * The routes of Better Auth that are open, by method and exact path. Everything else below /api/auth is 404: deny by
 * default, because its plugins bring dozens of routes that write teams, members and people, and an upgrade may bring
 * more. A test walks its router and finds only these.
 */
export function openAuthPaths(
  config: Pick<Config, "signUp" | "signInProviders" | "smtp" | "isLocal">,
): ReadonlySet<string> {
  const paths = ["POST /sign-in/email", "POST /sign-out", "GET /get-session", "POST /reset-password"];
  paths.push("POST /change-password", "POST /two-factor/enable", "POST /two-factor/disable");
  paths.push("POST /two-factor/verify-totp", "POST /two-factor/verify-backup-code");
  paths.push("POST /two-factor/generate-backup-codes");
  if (config.signUp === "open") paths.push("POST /sign-up/email");
  const providers = offeredProviders(config.signInProviders);
  if (providers.length > 0) paths.push("POST /sign-in/social");
  paths.push(...providers.map(({ id }) => `GET /callback/${id}`));
  const mailRoutes = mailWayOf(config) === "none" ? [] : MAIL_ROUTES;
  return new Set([...paths.map((path) => path.replace(" /", " /api/auth/")), ...mailRoutes]);
}
