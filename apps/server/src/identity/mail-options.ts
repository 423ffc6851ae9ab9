import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { mailedLinkInput } from "@latchkey/types/inputs/account-mail";
import type { Config } from "../config.ts";
import { parseInput } from "../platform/parse-input.ts";
import type { AccountEvents } from "../modules/account/account-events.service.ts";
import { sourceOf } from "./account-events.ts";
import type { AccountMail } from "./account-mail.ts";

/** How long a link works that confirms an address. */
const CONFIRMATION_SECONDS = 60 * 60;

/**
 * What Better Auth is to do about mail. An address has to be confirmed before its owner signs in only where anybody
 * may make an account, and where a mail can reach them: nobody is locked out for want of a mail server.
 */
export function mailOptions(accountMail: AccountMail, events: AccountEvents, { signUp }: Pick<Config, "signUp">) {
  return {
    password: {
      requireEmailVerification: signUp === "open" && accountMail.way === "sent",
      onPasswordReset: async ({ user }: WithUser, request?: Request) => {
        await accountMail.afterPasswordReset(user);
        await events.passwordReset(sourceOf(request?.headers), user.id);
      },
      onExistingUserSignUp: async ({ user }: WithUser) => accountMail.accountExists(user),
    },
    verification:
      accountMail.way === "none"
        ? {}
        : {
            expiresIn: CONFIRMATION_SECONDS,
            sendOnSignUp: true,
            afterEmailVerification: ({ id }: WithUser["user"], request?: Request) =>
              events.emailConfirmed(sourceOf(request?.headers), id),
            // With the right password only: who waits in vain for the first mail tries to sign in.
            sendOnSignIn: true,
            sendVerificationEmail: async ({ user, token }: WithUser & { token: string }) =>
              accountMail.confirmAddress(user, token),
          },
    plugin: passwordResetRequests(accountMail),
  };
}

interface WithUser {
  readonly user: { readonly id: string; readonly email: string };
}

/**
 * Answers a request for a reset in place of Better Auth, which would write a token, and so take longer, for those who
 * have an account. Its limits by address stay in front.
 */
function passwordResetRequests(accountMail: AccountMail) {
  return {
    id: "password-reset-requests",
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === "/request-password-reset",
          handler: createAuthMiddleware(async (context) => {
            const { email } = parseInput(mailedLinkInput, context.body);
            await accountMail.requestPasswordReset(email, context.context.internalAdapter);
            return context.json({ status: true });
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}
