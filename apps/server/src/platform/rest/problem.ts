import { ERRORS } from "@latchkey/types/error-codes";
import type { DomainError } from "../domain-error.ts";
import { isPlanLimit, limitLinks } from "../limit-links.ts";
import { retryAfterOf } from "../failure.ts";
import { toResponse, type PlainAnswer } from "../plain-answer.ts";

/** An error as RFC 9457 problem details. `type` is the address of a page that explains the code. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly instance: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly path: readonly (string | number)[]; readonly message: string }[];
  readonly requiredPermission?: string;
  readonly scope?: string;
  readonly limit?: number;
  readonly active?: number;
  readonly billingUrl?: string;
  readonly supportUrl?: string;
}

interface Occurrence {
  readonly publicUrl: string;
  readonly supportUrl: string | null;
  /** The path of the request, without its query. */
  readonly path: string;
  readonly requestId: string;
}

export function problemAnswer(error: DomainError, occurrence: Occurrence): PlainAnswer {
  const { publicUrl, path, requestId } = occurrence;
  const { status, title } = ERRORS[error.code];
  const problem: Problem = {
    type: `${publicUrl}/docs/errors#${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    instance: path,
    requestId,
    ...error.details,
    ...(isPlanLimit(error) ? limitLinks(occurrence) : {}),
  };
  const retryAfter = retryAfterOf(error);
  return {
    status,
    headers: {
      "content-type": "application/problem+json; charset=utf-8",
      ...(status === 401 ? { "www-authenticate": 'ApiKey realm="latchkey", header="x-api-key"' } : {}),
      ...(retryAfter === null ? {} : { "retry-after": String(retryAfter) }),
    },
    body: JSON.stringify(problem),
  };
}

export function problemResponse(error: DomainError, occurrence: Occurrence): Response {
  return toResponse(problemAnswer(error, occurrence));
}
