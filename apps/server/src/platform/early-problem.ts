import type { DomainError } from "./domain-error.ts";
import { createId } from "./id.ts";
import { problemResponse } from "./rest/problem.ts";

interface Addresses {
  readonly publicUrl: string;
  readonly supportUrl: string | null;
}

/** A problem that is told before there is an app to ask, or a request to hand it: with the headers of any other. */
export function earlyProblem(error: DomainError, path: string, { publicUrl, supportUrl }: Addresses): Response {
  const requestId = createId("req");
  const response = problemResponse(error, { publicUrl, supportUrl, path, requestId });
  response.headers.set("x-request-id", requestId);
  response.headers.set("cache-control", "no-store");
  return response;
}
