const START = "/settings/team/api-keys";

/**
 * Where to go after signing in. Only a path of our own origin is followed: `//host`, `/\host` and anything that
 * resolves elsewhere would make the sign-in page a redirector for phishing.
 */
export function safeNext(next: string | undefined, origin: string): string {
  if (next === undefined || !next.startsWith("/") || !URL.canParse(next, origin)) return START;
  const url = new URL(next, origin);
  if (url.origin !== origin || url.pathname.startsWith("//") || url.pathname.startsWith("/sign-in")) return START;
  return url.pathname + url.search + url.hash;
}
