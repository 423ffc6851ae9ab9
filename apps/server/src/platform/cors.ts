/** Origins that the operator named may call us with the person's cookie; nobody else gets a CORS header. */
export function addCorsHeaders(headers: Headers, request: Request, trustedOrigins: readonly string[]): void {
  headers.append("vary", "origin");
  const origin = request.headers.get("origin");
  if (origin === null || !trustedOrigins.includes(origin)) return;
  headers.set("access-control-allow-origin", origin);
  headers.set("access-control-allow-credentials", "true");
  headers.set(
    "access-control-expose-headers",
    "x-request-id, retry-after, ratelimit, ratelimit-policy, link, idempotency-replayed",
  );
  headers.set("cross-origin-resource-policy", "cross-origin");
}

export function isPreflight(request: Request): boolean {
  return request.method === "OPTIONS" && request.headers.has("access-control-request-method");
}

export function preflightResponse(request: Request, trustedOrigins: readonly string[]): Response {
  const isTrusted = trustedOrigins.includes(request.headers.get("origin") ?? "");
  if (!isTrusted) return new Response(null, { status: 204 });
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": "GET, POST, PATCH, DELETE",
      "access-control-allow-headers": "content-type, x-api-key, idempotency-key",
      "access-control-max-age": "600",
    },
  });
}
