import { DomainError } from "./domain-error.ts";

/**
 * What a cookie could authorise must come from our own page, or from an origin the operator named: without this any
 * page a person visits could act as them. An absent or `null` origin proves nothing, so it is refused too.
 */
export function assertTrustedOrigin(headers: Headers, allowedOrigins: readonly string[]): void {
  const origin = headers.get("origin");
  if (origin !== null && allowedOrigins.includes(origin)) return;
  const found =
    origin === null ? "There is no Origin header" : `The Origin ${JSON.stringify(origin.slice(0, 100))} is not trusted`;
  throw new DomainError(
    "origin_refused",
    `${found}. Send "Origin: ${allowedOrigins[0]}", or have the operator add yours to TRUSTED_ORIGINS.`,
  );
}

/** Whether a Host header names this server: another name is somebody else's page pointed at our address. */
export function createHostCheck(allowedOrigins: readonly string[]): (host: string | null) => boolean {
  const hosts = new Set(allowedOrigins.map((origin) => new URL(origin).host));
  return (host) => host !== null && hosts.has(host.toLowerCase());
}
