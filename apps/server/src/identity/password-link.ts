import { randomBytes } from "node:crypto";

/** How long a one-time link to set a password works. */
export const PASSWORD_LINK_SECONDS = 60 * 60;

/** Where Better Auth keeps the tokens of one-time links: hashed. */
export interface OneTimeTokens {
  createVerificationValue(token: { identifier: string; value: string; expiresAt: Date }): Promise<unknown>;
}

interface PasswordLink {
  readonly userId: string;
  readonly publicUrl: string;
  readonly now: Date;
}

/** A link that sets a password, once, within the hour. */
export async function createPasswordLink(
  tokens: OneTimeTokens,
  { userId, publicUrl, now }: PasswordLink,
): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  await tokens.createVerificationValue({
    identifier: `reset-password:${token}`,
    value: userId,
    expiresAt: new Date(now.getTime() + PASSWORD_LINK_SECONDS * 1000),
  });
  return `${publicUrl}/reset-password?token=${token}`;
}
