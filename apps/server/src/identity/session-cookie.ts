import { createHmac, timingSafeEqual } from "node:crypto";

/** What Better Auth knows of its cookies. */
export interface SessionCookieNames {
  readonly sessionToken: { readonly name: string };
  readonly sessionData: { readonly name: string };
}

/**
 * The token in a session cookie that is exactly as Better Auth writes it: one cookie of that name, `token.signature`,
 * signed with our secret (HMAC-SHA-256, base64). Null for whatever else there is, also for what Better Auth would still
 * read: it is asked then.
 */
export function provenSessionToken(
  headers: Headers,
  { sessionToken, sessionData }: SessionCookieNames,
  secret: string,
): string | null {
  const cookies = (headers.get("cookie") ?? "").split(";").map((cookie) => cookie.trimStart());
  // Not made by us; Better Auth tells the browser to forget it.
  if (cookies.some((cookie) => cookie.startsWith(sessionData.name))) return null;
  const [found, ...others] = cookies.filter((cookie) => cookie.startsWith(`${sessionToken.name}=`));
  if (found === undefined || others.length > 0) return null;
  const value = decoded(found.slice(sessionToken.name.length + 1).trimEnd());
  const end = value.lastIndexOf(".");
  if (end < 1) return null;
  const token = value.slice(0, end);
  const expected = createHmac("sha256", secret).update(token).digest("base64");
  return isSame(value.slice(end + 1), expected) ? token : null;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return "";
  }
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
