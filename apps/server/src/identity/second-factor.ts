import { randomInt } from "node:crypto";
import type { BetterAuthPlugin, GenericEndpointContext } from "better-auth";
import { APIError, createAuthMiddleware, getSessionFromCtx } from "better-auth/api";
import { symmetricDecrypt } from "better-auth/crypto";
import { twoFactor } from "better-auth/plugins";
import { makeRecoveryCodes } from "../modules/account/recovery-codes.ts";
import type { SecondFactorService } from "../modules/account/second-factor.service.ts";
import { askForSecondStep, SECOND_STEP_COOKIE, SECOND_STEP_SECONDS } from "./second-step.ts";

type ClaimCode = SecondFactorService["claimCode"];

/** Wrong codes in a row until the account's second step is shut for a while. */
export interface SecondFactorLimits {
  readonly maxWrongCodes: number;
  readonly lockSeconds: number;
}

/**
 * Better Auth's second factor, and what it leaves out: a code works once, and every way to sign in asks for it. No codes
 * by mail, and no device is trusted: its body fields for that never come through the door (account-routes.ts).
 */
export function secondFactorPlugins(claimCode: ClaimCode, { maxWrongCodes, lockSeconds }: SecondFactorLimits) {
  return [
    twoFactor({
      issuer: "Latchkey",
      // Somebody who signs in elsewhere has no password to type; the door asks them for a code instead.
      allowPasswordless: true,
      twoFactorCookieMaxAge: SECOND_STEP_SECONDS,
      accountLockout: { enabled: true, maxFailedAttempts: maxWrongCodes, durationSeconds: lockSeconds },
      backupCodeOptions: { customBackupCodesGenerate: () => makeRecoveryCodes(randomInt) },
    }),
    secondFactorGuard(claimCode),
  ] as const;
}

function secondFactorGuard(claimCode: ClaimCode): BetterAuthPlugin {
  return {
    id: "second-factor-guard",
    hooks: {
      before: [{ matcher: ({ path }) => path === VERIFY_CODE, handler: claimFirst(claimCode) }],
      // After the plugin's own, which asks those who came with a password.
      after: [{ matcher: () => true, handler: askForSecondStep }],
    },
  };
}

const VERIFY_CODE = "/two-factor/verify-totp";

/** No authenticator shows it, so the plugin refuses it, and counts it. */
const NO_CODE = "none";

/**
 * The plugin would accept a code as often as it is sent within its minute and a half. Here it is taken first, in one
 * guarded statement; whatever could not be taken does not reach the plugin's own comparison.
 */
function claimFirst(claimCode: ClaimCode) {
  return createAuthMiddleware(async (context) => {
    const userId = await personAtSecondStep(context);
    const { code } = (context.body ?? {}) as { code?: unknown };
    const claim =
      userId === null || typeof code !== "string" ? "wrong" : await claimCode(userId, code, decryptFor(context));
    if (claim === "accepted") return;
    if (claim === "used") {
      throw new APIError("UNAUTHORIZED", {
        code: "CODE_ALREADY_USED",
        message: "This code was used already. Wait for the next one.",
      });
    }
    return { context: { body: { code: NO_CODE } } };
  });
}

/** Who is signed in and confirms a new authenticator, or is half-way through signing in. */
export async function personAtSecondStep(context: GenericEndpointContext): Promise<string | null> {
  const session = await getSessionFromCtx(context);
  if (session !== null) return session.user.id;
  const { context: auth } = context;
  const challenge = await context.getSignedCookie(auth.createAuthCookie(SECOND_STEP_COOKIE).name, auth.secret);
  if (typeof challenge !== "string") return null;
  return (await auth.internalAdapter.findVerificationValue(challenge))?.value ?? null;
}

const decryptFor =
  ({ context }: GenericEndpointContext) =>
  (stored: string) =>
    symmetricDecrypt({ key: context.secretConfig, data: stored });

const PROVING_PATHS = new Set([VERIFY_CODE, "/two-factor/verify-backup-code"]);

/**
 * When the session that Better Auth is about to make passed a second factor: now, if a code has just been accepted; as
 * long ago as the session that it takes the place of; else never. Read from the route, so that a way to sign in that
 * nobody thought of makes sessions without it, which open nothing where the person has one.
 */
export function secondFactorAt(context: GenericEndpointContext | null, now: Date): Date | null {
  if (context === null) return null;
  if (PROVING_PATHS.has(context.path)) return now;
  if (context.path !== "/change-password") return null;
  const proven: unknown = context.context.session?.session["secondFactorAt"];
  return proven instanceof Date ? proven : null;
}
