import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from "@apollo/client";
import { ErrorLink } from "@apollo/client/link/error";
import { possibleTypes } from "../generated/possible-types.ts";
import { requestFailure } from "./request-failure.ts";

const TIME_LIMIT_MS = 20_000;

/** `onUnauthenticated` is called whenever the server says that nobody is signed in any more. */
export function createApolloClient(onUnauthenticated: () => void): ApolloClient {
  const errorLink = new ErrorLink(({ error }) => {
    if (requestFailure(error) === "unauthenticated") onUnauthenticated();
  });
  const httpLink = new HttpLink({ uri: "/graphql", credentials: "same-origin", fetch: fetchWithTimeLimit });
  return new ApolloClient({
    link: ApolloLink.from([errorLink, httpLink]),
    cache: new InMemoryCache({ possibleTypes }),
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
