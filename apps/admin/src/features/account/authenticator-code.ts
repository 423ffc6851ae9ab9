/** Six digits, however they are spaced. */
export function isAuthenticatorCode(text: string): boolean {
  return /^[0-9]{6}$/.test(text.replaceAll(/\s/g, ""));
}

/** The key in an `otpauth:` address, in groups that can be typed. */
export function keyOf(uri: string): string {
  const secret = new URL(uri).searchParams.get("secret") ?? "";
  return secret.match(/.{1,4}/g)?.join(" ") ?? "";
}
