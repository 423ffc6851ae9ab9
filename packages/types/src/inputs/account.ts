import { z } from "zod";
import { opaqueId } from "./opaque-id.ts";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "./password.ts";

// What people send about their own account, to /api/auth.

/** Of an authenticator: apps show it as `123 456`, so spaces are none of it. */
const authenticatorCode = z
  .string({ error: "Enter the code that your authenticator shows." })
  .transform((code) => code.replaceAll(/\s/g, ""))
  .pipe(z.string().regex(/^[0-9]{6}$/, { error: "A code has six digits." }));

/** One of those shown once, however it was typed: `abcde-fghjk`. */
const recoveryCode = z
  .string({ error: "Enter one of your recovery codes." })
  .transform((code) => code.replaceAll(/[\s-]/g, "").toLowerCase())
  .pipe(
    z.string().regex(/^[a-z0-9]{10}$/, { error: "A recovery code has ten letters and digits, such as abcde-fghjk." }),
  )
  .transform((code) => `${code.slice(0, 5)}-${code.slice(5)}`);

const currentPassword = z
  .string({ error: "Enter your password." })
  .min(1, { error: "Enter your password." })
  .max(MAX_PASSWORD_LENGTH, { error: "This is not your password." });

export const noInput = z.strictObject({});

/** The password of whoever has one. */
export const enableSecondFactorInput = z.strictObject({ password: currentPassword.optional() });

/** That it is really oneself: by the password, or by a code where there is no password. */
export const confirmSecondFactorInput = z.strictObject({
  password: currentPassword.optional(),
  code: authenticatorCode.optional(),
});

export const verifyCodeInput = z.strictObject({ code: authenticatorCode });

export const verifyRecoveryCodeInput = z.strictObject({ code: recoveryCode });

export const changePasswordInput = z.strictObject({
  currentPassword,
  newPassword: z
    .string({ error: "Choose a password." })
    .min(MIN_PASSWORD_LENGTH, { error: `A password has at least ${MIN_PASSWORD_LENGTH} characters.` })
    .max(MAX_PASSWORD_LENGTH, { error: `A password has at most ${MAX_PASSWORD_LENGTH} characters.` }),
});

export const endSessionInput = z.strictObject({ sessionId: opaqueId });
