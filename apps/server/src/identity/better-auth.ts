import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "@latchkey/types/inputs/password";
import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { organization } from "better-auth/plugins";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { LOCK_SECONDS, MAX_WRONG_CODES, type SecondFactorService } from "../modules/account/second-factor.service.ts";
import type { Database } from "../platform/database/database.ts";
import { createId, type IdPrefix } from "../platform/id.ts";
import type { AccountEvents } from "../modules/account/account-events.service.ts";
import type { AccountMail } from "./account-mail.ts";
import { mailOptions } from "./mail-options.ts";
import { watchedForOutages } from "./outage-watch.ts";
import { accountEvents, sourceOf } from "./account-events.ts";
import { CLIENT_IP_HEADER } from "./door-headers.ts";
import { ACCESS_CONTROL, TEAM_ROLE_DEFINITIONS } from "./organization-roles.ts";
import { PASSWORD_LINK_SECONDS } from "./password-link.ts";
import { secondFactorAt, secondFactorPlugins } from "./second-factor.ts";
import { signInProviders } from "./sign-in-providers.ts";
import type { IsInvited } from "./sign-up.ts";
import { verifyApiKeyEndpoint, type VerifyKey } from "./verify-api-key-endpoint.ts";

export type Auth = ReturnType<typeof createAuth>;

interface Dependencies {
  readonly config: Config;
  readonly secret: string;
  readonly database: Database;
  readonly logger: Logger;
  /** Where a new session starts, or null for nobody who may sign in. */
  readonly startSession: (userId: string) => Promise<{ selectedTeamId: string | null } | null>;
  readonly isInvited: IsInvited;
  readonly claimCode: SecondFactorService["claimCode"];
  readonly accountMail: AccountMail;
  readonly events: AccountEvents;
  readonly verifyKey: VerifyKey;
}

/**
 * Better Auth owns people, passwords and sessions. Which of its routes are open at all is decided in front of it
 * (open-auth-paths.ts); teams, members and keys are written by our own services.
 */
export function createAuth({
  config,
  secret,
  database,
  logger,
  startSession,
  isInvited,
  accountMail,
  events,
  claimCode,
  verifyKey,
}: Dependencies) {
  const mail = mailOptions(accountMail, events, config);
  return betterAuth({
    appName: "Latchkey",
    baseURL: config.publicUrl,
    basePath: "/api/auth",
    secret,
    trustedOrigins: [...config.allowedOrigins],
    database: prismaAdapter(watchedForOutages(database), { provider: "postgresql", transaction: true }),
    emailAndPassword: {
      enabled: true,
      // Who may sign up is decided in front of it (sign-up.ts). Without a sign-in at once, it answers the same for an
      // address that has an account already.
      autoSignIn: false,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
      resetPasswordTokenExpiresIn: PASSWORD_LINK_SECONDS,
      revokeSessionsOnPasswordReset: true,
      ...mail.password,
    },
    emailVerification: mail.verification,
    // The tokens of one-time links are stored hashed.
    verification: { storeIdentifier: "hashed" },
    // Off, so that a sign-out, a ban or a change of role holds from the next request on.
    session: {
      cookieCache: { enabled: false },
      // How old "last seen" may be on the page of one's sessions; each refresh is a write.
      updateAge: 15 * 60,
      additionalFields: { secondFactorAt: { type: "date", required: false, input: false } },
    },
    // In front of it, in one place for all processes: sign-in-limits.ts.
    rateLimit: { enabled: false },
    plugins: [
      mail.plugin,
      ...secondFactorPlugins(claimCode, { maxWrongCodes: MAX_WRONG_CODES, lockSeconds: LOCK_SECONDS }),
      verifyApiKeyEndpoint(verifyKey),
      signInProviders({ config, logger, startSession, isInvited }),
      organization({
        ac: ACCESS_CONTROL,
        roles: TEAM_ROLE_DEFINITIONS,
        creatorRole: "owner",
        schema: {
          organization: { modelName: "team" },
          member: { fields: { organizationId: "teamId" } },
          invitation: { fields: { organizationId: "teamId" } },
          session: { fields: { activeOrganizationId: "activeTeamId" } },
        },
      }),
      accountEvents(events),
    ],
    advanced: {
      cookiePrefix: "latchkey",
      useSecureCookies: config.publicUrl.startsWith("https:"),
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax" },
      ipAddress: { ipAddressHeaders: [CLIENT_IP_HEADER] },
      database: { generateId: ({ model }) => createId(ID_PREFIXES[model] ?? "verification") },
    },
    databaseHooks: {
      user: {
        create: {
          after: async (user, context) => {
            // The operator's command makes people without a request.
            if (context == null) return;
            const method = (context.params as { id?: string } | undefined)?.id ?? "password";
            await events.signedUp(sourceOf(context.headers), { userId: user.id, method });
          },
        },
      },
      session: {
        create: {
          before: async (session, context) => {
            const start = await startSession(session.userId);
            if (start === null) return false;
            const proof = secondFactorAt(context, new Date());
            return { data: { ...session, activeOrganizationId: start.selectedTeamId, secondFactorAt: proof } };
          },
        },
      },
    },
    // What goes wrong in it unexpectedly comes to our door, to be masked and logged; it would print the error as it is.
    onAPIError: { throw: true },
    telemetry: { enabled: false },
    logger: { log: (level, message) => logger[level]({ component: "better-auth" }, message) },
  });
}

const ID_PREFIXES: Readonly<Record<string, IdPrefix>> = {
  user: "user",
  session: "session",
  account: "account",
  verification: "verification",
  team: "team",
  organization: "team",
  twoFactor: "factor",
  member: "member",
  invitation: "invitation",
};
