import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, type TypePolicies } from "@apollo/client";
import { ErrorLink } from "@apollo/client/link/error";
import { tap } from "rxjs";
import { possibleTypes } from "../generated/possible-types.ts";
import { repeatQueriesLink } from "./repeat-queries-link.ts";
import { isRefusal, requestFailure, type RequestFailure } from "./request-failure.ts";

const TIME_LIMIT_MS = 20_000;

const TYPE_POLICIES = {
  // A list that comes whole replaces the one before: what is missing in it has ended.
  Query: { fields: { invitations: { merge: false } } },
  Call: { keyFields: ["requestId"] },
  // They have no id, and two pages ask for different fields of a team's: those of both are kept.
  BackofficeTeam: { merge: true },
  Subscription: { merge: true },
  Usage: { merge: true },
} satisfies TypePolicies;

/** The viewer may be something else by now than this page takes them for. */
const REFUSED: ReadonlySet<RequestFailure> = new Set(["permission_missing", "second_factor_required", "not_found"]);

interface ClientOptions {
  /** The server says that nobody is signed in any more. */
  readonly onUnauthenticated: () => void;
  /** The viewer may not, or what they asked for is not theirs to see. */
  readonly onRefused: () => void;
}

export function createApolloClient({ onUnauthenticated, onRefused }: ClientOptions): ApolloClient {
  const errorLink = new ErrorLink(({ error }) => {
    const failure = requestFailure(error);
    if (failure === "unauthenticated") onUnauthenticated();
    if (REFUSED.has(failure)) onRefused();
  });
  const refusalLink = new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      tap(({ data }) => {
        if (isRefusal(data)) onRefused();
      }),
    ),
  );
  const httpLink = new HttpLink({ uri: "/graphql", credentials: "same-origin", fetch: fetchWithTimeLimit });
  return new ApolloClient({
    link: ApolloLink.from([errorLink, refusalLink, repeatQueriesLink(), httpLink]),
    cache: new InMemoryCache({ possibleTypes, typePolicies: TYPE_POLICIES }),
    dataMasking: true,
    // The developer tools would keep every mutation's answer, and one of them holds a secret.
    devtools: { enabled: false },
  });
}

/** A connection that hangs must end in a sentence, not in a button that stays busy for ever. */
function fetchWithTimeLimit(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const limit = AbortSignal.timeout(TIME_LIMIT_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
  return fetch(input, { ...init, signal });
}
