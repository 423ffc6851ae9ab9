import type { Actor } from "@latchkey/types/actor";
import type { Logger } from "pino";
import type { Config } from "../../config.ts";
import { presentedKey } from "../../identity/api-key-strategy.ts";
import type { Services } from "../../services.ts";
import { noteFailure } from "../call-notes.ts";
import { DomainError, unauthenticated } from "../domain-error.ts";
import { retryAfterOf, toDomainError } from "../failure.ts";
import { assertJson } from "../media-type.ts";
import { assertTrustedOrigin } from "../origin.ts";
import { toPlainAnswer, toResponse, type PlainAnswer } from "../plain-answer.ts";
import type { Arrival } from "../rest/environment.ts";
import { GRAPHIQL_POLICY } from "../security-headers.ts";
import { createAnswerRead } from "./compiled-reads.ts";
import { createLoaders } from "./loaders.ts";
import { printedSchema } from "./printed-schema.ts";
import { signedInSchema } from "./schema.ts";
import { createGraphQLServer } from "./yoga.ts";

interface GraphQLDoorOptions {
  readonly config: Config;
  readonly services: Services;
  readonly logger: Logger;
}

export interface GraphQLDoor {
  open(request: Request, arrival: Arrival): Promise<Response>;
  /** A POST whose body was read. Never rejects. */
  answer(request: ReadRequest, arrival: Arrival): Promise<PlainAnswer>;
  refuse(error: unknown, arrival: Arrival): PlainAnswer;
}

interface ReadRequest {
  readonly headers: Headers;
  readonly text: string;
}

/** What stands between the network and GraphQL: a session, from a trusted page, as JSON. Never a key. */
export function createGraphQLDoor({ config, services, logger }: GraphQLDoorOptions): GraphQLDoor {
  const server = createGraphQLServer({ logger, isIntrospectionPublic: config.isLocal });
  // Without scopes: it is asked for sessions only.
  const answerRead = createAnswerRead(signedInSchema);
  const url = new URL("/graphql", config.publicUrl).toString();

  const execute = async (headers: Headers, readText: () => Promise<string>, arrival: Arrival): Promise<PlainAnswer> => {
    assertJson(headers);
    assertTrustedOrigin(headers, config.allowedOrigins);
    const { actor, setCookies: cookies } = await services.authenticate(headers, arrival);
    const requestContext = { ...arrival, actor };
    const { notes } = arrival;
    const newContext = () => ({ requestContext, services, loaders: createLoaders(services, requestContext), notes });
    const text = await readText();
    const read = actor.kind === "session" ? await answerRead(text, headers.get("accept"), newContext()) : null;
    if (read !== null) return { ...read, cookies };
    const answered = await server.fetch(new Request(url, { method: "POST", headers, body: text }), newContext());
    const plain = await toPlainAnswer(answered);
    return { ...plain, cookies: [...(plain.cookies ?? []), ...cookies] };
  };

  /** For people: GraphiQL and the schema as text, in production only when signed in. */
  const show = async (request: Request, arrival: Arrival): Promise<Response> => {
    const { actor } = await services.authenticate(request.headers, arrival);
    assertMaySeeSchema(actor, config.isLocal);
    if (new URL(request.url).pathname === "/graphql/schema.graphql") {
      return new Response(printedSchema, { headers: { "content-type": "application/graphql; charset=utf-8" } });
    }
    if (!request.headers.get("accept")?.includes("text/html")) return methodNotAllowed(arrival);
    // Megabytes of editor, for the few who open it: not for every start.
    const { renderGraphiQL } = await import("@graphql-yoga/render-graphiql");
    const html = renderGraphiQL({
      title: "Latchkey GraphiQL",
      endpoint: "/graphql",
      method: "POST",
      credentials: "same-origin",
      defaultQuery: FIRST_QUERY,
    });
    return new Response(html, {
      headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": GRAPHIQL_POLICY },
    });
  };

  const refuse = (error: unknown, { requestId, notes }: Arrival): PlainAnswer => {
    const failure = toDomainError(error, requestId, logger);
    noteFailure(notes, failure);
    return graphQLErrorAnswer(failure, requestId);
  };

  return {
    async open(request, arrival) {
      // Until its operation is known.
      arrival.notes.operation = new URL(request.url).pathname;
      try {
        if (presentedKey(request.headers, config.acceptBearer) !== null) throw keysAreRefused();
        if (request.method === "POST") return toResponse(await execute(request.headers, () => request.text(), arrival));
        if (request.method === "GET") return await show(request, arrival);
        return methodNotAllowed(arrival);
      } catch (error) {
        return toResponse(refuse(error, arrival));
      }
    },
    async answer({ headers, text }, arrival) {
      try {
        return await execute(headers, async () => text, arrival);
      } catch (error) {
        return refuse(error, arrival);
      }
    },
    refuse,
  };
}

/** What GraphiQL opens with: something that runs, for whoever has signed in. */
const FIRST_QUERY = `# Signed in on the page? Then this runs as you: press Ctrl+Enter.
query FirstLook {
  viewer {
    user { name email }
    team { name }
    role
  }
  apiKeys(first: 5, filter: { status: [ACTIVE] }) {
    totalCount
    nodes { name prefix lastUsed expiresAt createdBy { name } }
  }
}
`;

function assertMaySeeSchema(actor: Actor, isLocal: boolean): void {
  if (!isLocal && actor.kind !== "session") throw unauthenticated("Sign in to see the schema.");
}

function keysAreRefused(): DomainError {
  return new DomainError("session_required", "No key may use GraphQL. Send the key to /api/v1, or sign in.");
}

function methodNotAllowed({ requestId, notes }: Arrival): Response {
  notes.code = "method_not_allowed";
  const message = "Send a query as POST with application/json.";
  return toResponse(errorBody({ code: "method_not_allowed", requestId }, message, 405, { allow: "POST" }));
}

/** A refusal before GraphQL was reached, in the shape that GraphQL clients read. */
export function graphQLErrorResponse(error: DomainError, requestId: string): Response {
  return toResponse(graphQLErrorAnswer(error, requestId));
}

function graphQLErrorAnswer(error: DomainError, requestId: string): PlainAnswer {
  const retryAfter = retryAfterOf(error);
  const headers = retryAfter === null ? {} : { "retry-after": String(retryAfter) };
  return errorBody({ code: error.code, ...error.details, requestId }, error.message, error.status, headers);
}

function errorBody(extensions: object, message: string, status: number, headers: Record<string, string>): PlainAnswer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify({ errors: [{ message, extensions }] }),
  };
}
