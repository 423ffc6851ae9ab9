import { DomainError } from "./domain-error.ts";

/** Too much for now. `retryAfterSeconds` goes into the header `Retry-After`. */
export class RateLimitedError extends DomainError {
  readonly retryAfterSeconds: number;

  constructor(message: string, { retryAfterSeconds, limit }: { retryAfterSeconds: number; limit?: number }) {
    super("rate_limited", message, limit === undefined ? {} : { limit });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** `in 3 seconds`, for a sentence. */
export function inSeconds(seconds: number): string {
  return seconds === 1 ? "in 1 second" : `in ${seconds} seconds`;
}
