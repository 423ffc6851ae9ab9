import { CombinedGraphQLErrors, ServerError } from "@apollo/client";
import { describe, expect, test } from "vitest";
import { isOutcomeUnknown, isRefusal, requestFailure } from "./request-failure.ts";

const graphQLError = (code?: string) =>
  new CombinedGraphQLErrors({ errors: [{ message: "No.", ...(code === undefined ? {} : { extensions: { code } }) }] });

const serverError = (status: number, bodyText: string) =>
  new ServerError("No.", { response: new Response(bodyText, { status }), bodyText });

describe("what went wrong with a request", () => {
  test.each(["unauthenticated", "unavailable", "permission_missing", "not_found"] as const)(
    "the code %s is kept",
    (code) => {
      expect(requestFailure(graphQLError(code))).toBe(code);
      expect(requestFailure(serverError(400, JSON.stringify({ errors: [{ extensions: { code } }] })))).toBe(code);
      expect(requestFailure(serverError(400, JSON.stringify({ code })))).toBe(code);
    },
  );

  test("a code the page has no words for is unexpected", () => {
    expect(requestFailure(graphQLError("brand_new"))).toBe("unexpected");
    expect(requestFailure(graphQLError())).toBe("unexpected");
  });

  test("without a body that says more, the status decides", () => {
    expect(requestFailure(serverError(503, "<html>"))).toBe("unavailable");
    expect(requestFailure(serverError(502, ""))).toBe("unavailable");
    expect(requestFailure(serverError(401, ""))).toBe("unauthenticated");
    expect(requestFailure(serverError(429, ""))).toBe("rate_limited");
    expect(requestFailure(serverError(500, ""))).toBe("unexpected");
  });

  test("no answer, or none in time, is unreachable", () => {
    expect(requestFailure(new TypeError("Failed to fetch"))).toBe("unreachable");
    expect(requestFailure(new DOMException("Late.", "TimeoutError"))).toBe("unreachable");
  });

  test("only an answer that says no proves that nothing happened", () => {
    expect(isOutcomeUnknown("unreachable")).toBe(true);
    expect(isOutcomeUnknown("unavailable")).toBe(true);
    expect(isOutcomeUnknown("permission_missing")).toBe(false);
    expect(isOutcomeUnknown("unauthenticated")).toBe(false);
  });
});

test("an answer that refuses is told from one that holds data, or none", () => {
  expect(isRefusal({ revokeApiKey: { __typename: "NotFoundError", message: "No." } })).toBe(true);
  expect(isRefusal({ inviteMember: { __typename: "PermissionMissingError" } })).toBe(true);
  expect(isRefusal({ inviteMember: { __typename: "InvalidInputError" } })).toBe(false);
  expect(isRefusal({ viewer: null, plans: [] })).toBe(false);
  expect(isRefusal(null)).toBe(false);
});
