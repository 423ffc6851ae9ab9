import type { Logger } from "pino";
import { isUnavailable } from "./database/unavailable.ts";
import { DomainError, unavailable } from "./domain-error.ts";
import { RateLimitedError } from "./rate-limited-error.ts";

/**
 * What a caller is told of anything that was thrown. Expected failures go through; an outage becomes `unavailable`; all
 * else is a bug: masked as `internal` and logged, once, with its cause and the request's id.
 */
export function toDomainError(error: unknown, requestId: string, logger: Logger): DomainError {
  if (error instanceof DomainError) {
    // Without a cause it is a refusal under load: whoever refuses says so once, not for each of thousands of calls.
    if (error.code === "unavailable" && error.cause !== undefined)
      logger.warn({ err: error.cause, requestId }, "The database could not be asked");
    return error;
  }
  if (isUnavailable(error)) {
    logger.warn({ err: error, requestId }, "The database could not be asked");
    return unavailable(error);
  }
  logger.error({ err: error, requestId }, "A request failed");
  return new DomainError(
    "internal",
    `Something went wrong on our side. Report the request id ${requestId}.`,
    {},
    { cause: error },
  );
}

/** After how many seconds it is worth to ask again when the database was away. */
export const RETRY_AFTER_SECONDS = 2;

/** When a call is worth repeating, for the header of that name; null when that is not a question of time. */
export function retryAfterOf(error: DomainError): number | null {
  if (error instanceof RateLimitedError) return error.retryAfterSeconds;
  return error.status === 503 ? RETRY_AFTER_SECONDS : null;
}
