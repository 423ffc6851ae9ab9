import { ApolloClient, ApolloLink, gql, InMemoryCache, ServerError } from "@apollo/client";
import { of, throwError } from "rxjs";
import { describe, expect, test } from "vitest";
import { repeatQueriesLink } from "./repeat-queries-link.ts";

const QUERY = gql`
  query Look {
    answer
  }
`;
const MUTATION = gql`
  mutation Change {
    answer
  }
`;

/** A server that refuses so many calls before it answers. */
function clientOf(refusals: number, { status = 429, retryAfter = "2" as string | null } = {}) {
  let calls = 0;
  const waits: number[] = [];
  const server = new ApolloLink(() => {
    calls += 1;
    if (calls > refusals) return of({ data: { answer: 42 } });
    const headers = retryAfter === null ? {} : { "retry-after": retryAfter };
    const response = new Response("", { status, headers });
    return throwError(() => new ServerError("Refused.", { response, bodyText: "" }));
  });
  const repeat = repeatQueriesLink({
    wait: (milliseconds) => {
      waits.push(milliseconds);
      return of(0);
    },
    random: () => 0.5,
  });
  const client = new ApolloClient({ link: ApolloLink.from([repeat, server]), cache: new InMemoryCache() });
  return { client, calls: () => calls, waits };
}

describe("a query that is refused for its rate", () => {
  test("waits as long as it is told, and is sent again", async () => {
    const { client, calls, waits } = clientOf(2);
    expect((await client.query({ query: QUERY })).data).toEqual({ answer: 42 });
    expect(calls()).toBe(3);
    expect(waits).toEqual([2_400, 2_400]);
  });

  test("gives up after five repetitions", async () => {
    const { client, calls } = clientOf(100);
    await expect(client.query({ query: QUERY })).rejects.toThrow("Refused.");
    expect(calls()).toBe(6);
  });

  test.each([null, "", "soon", "0", "3600"])("is not repeated when the time told is %s", async (retryAfter) => {
    const { client, calls } = clientOf(1, { retryAfter });
    await expect(client.query({ query: QUERY })).rejects.toThrow("Refused.");
    expect(calls()).toBe(1);
  });
});

test("a mutation is never sent twice", async () => {
  const { client, calls, waits } = clientOf(1);
  await expect(client.mutate({ mutation: MUTATION })).rejects.toThrow("Refused.");
  expect([calls(), waits]).toEqual([1, []]);
});

test.each([401, 500, 503])("a query that failed with %i is not repeated", async (status) => {
  const { client, calls } = clientOf(1, { status });
  await expect(client.query({ query: QUERY })).rejects.toThrow("Refused.");
  expect(calls()).toBe(1);
});
