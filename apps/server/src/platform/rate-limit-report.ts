import type { CallNotes } from "./call-notes.ts";

/** What step 4 of verification (spec §5) found: told in the headers of every answer from then on. */
export interface RateLimitReport {
  readonly kind: "key" | "session";
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  readonly secondsUntilFull: number;
}

/** The part of an arrival that authentication and limits look at and write to. */
export interface LimitedArrival {
  readonly ip: string;
  readonly notes: CallNotes;
  /** Null until a key or a session was known and had its token taken. */
  rateLimit: RateLimitReport | null;
}

/** `RateLimit-Policy` and `RateLimit` as in draft-ietf-httpapi-ratelimit-headers. */
export function rateLimitHeaders(report: RateLimitReport): { ratelimit: string; "ratelimit-policy": string } {
  const { kind, limit, windowSeconds, remaining, secondsUntilFull } = report;
  return {
    "ratelimit-policy": `"${kind}";q=${limit};w=${windowSeconds}`,
    ratelimit: `"${kind}";r=${remaining};t=${secondsUntilFull}`,
  };
}
