/**
 * The last net under everything that is logged. Ids such as `key_…` have 20 characters after the underscore and must
 * stay readable; our secrets have 38, so that 28 leaves room for mistyped and shortened ones.
 */
const MASKS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/([a-z0-9]{2,8})_[0-9A-Za-z]{28,}/g, "$1_****"],
  // A signed cookie, a one-time link, an invitation, and the password in the address of a database or mail server.
  [/(session_token|csrf_token)=[^;,\s"'\\]+/g, "$1=****"],
  [/([?&]token=)[^&\s"'\\]+/g, "$1****"],
  [/(\/accept-invitation\/)[^?&\s"'\\]+/g, "$1****"],
  [/((?:postgres(?:ql)?|smtps?):\/\/[^:/@\s"]*:)[^@/\s"]*@/g, "$1****@"],
];

/** The text with everything masked that looks like one of our secrets. */
export function maskSecrets(text: string): string {
  let masked = text;
  for (const [pattern, replacement] of MASKS) masked = masked.replaceAll(pattern, replacement);
  return masked;
}
