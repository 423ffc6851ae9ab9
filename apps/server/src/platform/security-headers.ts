import type { Config } from "../config.ts";

// Nothing inline and nothing foreign. Styles are the exception: Mantine sets custom properties in style attributes.
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** GraphiQL is one document with its script and workers inside. It is an own page, for people who are signed in. */
export const GRAPHIQL_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
  "worker-src blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

type SecurityHeaders = Readonly<Record<string, string>>;

/** Headers of every answer, but for one that sets its own policy. */
export function securityHeaders({ publicUrl }: Pick<Config, "publicUrl">): SecurityHeaders {
  return {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    ...(publicUrl.startsWith("https:") ? { "strict-transport-security": "max-age=31536000" } : {}),
  };
}

export function addSecurityHeaders(headers: Headers, security: SecurityHeaders): void {
  for (const [name, value] of Object.entries(security)) {
    if (name !== "content-security-policy" || !headers.has(name)) headers.set(name, value);
  }
}
