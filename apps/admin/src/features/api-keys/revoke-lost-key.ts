import type { ApolloClient } from "@apollo/client";
import { RevokeApiKeyDocument } from "../../generated/graphql.ts";
import { requestFailure, type RequestFailure } from "../../graphql/request-failure.ts";

/** Why it is not certain that a key is revoked: the server said no, or its answer is missing. */
export type RevocationProblem = { readonly message: string } | { readonly failure: RequestFailure };

/** Null when the server said that it is revoked, also when it was before. */
export async function revokeLostKey(client: ApolloClient, id: string): Promise<RevocationProblem | null> {
  try {
    const { data } = await client.mutate({ mutation: RevokeApiKeyDocument, variables: { input: { id } } });
    const result = data?.revokeApiKey;
    if (result === undefined) return { failure: "unexpected" };
    return result.__typename === "RevokeApiKeyPayload" ? null : { message: result.message };
  } catch (cause) {
    return { failure: requestFailure(cause) };
  }
}
