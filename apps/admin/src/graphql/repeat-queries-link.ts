import { ApolloLink, ServerError } from "@apollo/client";
import { OperationTypeNode } from "graphql";
import { defer, retry, throwError, timer, type Observable } from "rxjs";

const MAX_REPEATS = 5;
/** A session's bucket gives a call back within seconds; who is to wait longer is better told. */
const LONGEST_WAIT_SECONDS = 30;
/** Several queries were refused at once: they must not all come back at once. */
const SPREAD_MS = 800;

interface Options {
  /** Emits after so many milliseconds. */
  readonly wait?: (milliseconds: number) => Observable<unknown>;
  readonly random?: () => number;
}

/**
 * A query that came too soon waits as long as the server says, and is sent again. A mutation never is: people are told
 * that it was refused, and decide themselves.
 */
export function repeatQueriesLink({ wait = timer, random = Math.random }: Options = {}): ApolloLink {
  return new ApolloLink((operation, forward) => {
    if (operation.operationType !== OperationTypeNode.QUERY) return forward(operation);
    return defer(() => forward(operation)).pipe(
      retry({
        count: MAX_REPEATS,
        delay: (error: unknown) => {
          const seconds = retryAfterOf(error);
          return seconds === null ? throwError(() => error) : wait(seconds * 1_000 + random() * SPREAD_MS);
        },
      }),
    );
  });
}

function retryAfterOf(error: unknown): number | null {
  if (!ServerError.is(error) || error.statusCode !== 429) return null;
  const seconds = Number(error.response.headers.get("retry-after") ?? Number.NaN);
  return seconds >= 1 && seconds <= LONGEST_WAIT_SECONDS ? seconds : null;
}
