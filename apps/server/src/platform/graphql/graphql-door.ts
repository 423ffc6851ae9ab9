import type { Actor } from "@latchkey/types/actor";
import type { Logger } from "pino";
import type { Config } from "../../config.ts";
import { presentedKey } from "../../identity/api-key-strategy.ts";
import type { Services } from "../../services.ts";
import { DomainError, unauthenticated } from "../domain-error.ts";
import { retryAfterOf, toDomainError } from "../failure.ts";
import { assertJson } from "../media-type.ts";
import { assertTrustedOrigin } from "../origin.ts";
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

export type GraphQLDoor = (request: Request, arrival: Arrival) => Promise<Response>;

/** What stands between the network and GraphQL: a session, from a trusted page, as JSON. Never a key. */
export function createGraphQLDoor({ config, services, logger }: GraphQLDoorOptions): GraphQLDoor {
  const server = createGraphQLServer({ logger, isIntrospectionPublic: config.isLocal });
  // Without scopes: it is asked for sessions only.
  const answerRead = createAnswerRead(signedInSchema);

  const execute = async (request: Request, arrival: Arrival): Promise<Response> => {
    assertJson(request.headers);
    assertTrustedOrigin(request.headers, config.allowedOrigins);
    const { actor, setCookies } = await services.authenticate(request.headers, arrival);
    const requestContext = { ...arrival, actor };
    const { notes } = arrival;
    const newContext = () => ({ requestContext, services, loaders: createLoaders(services, requestContext), notes });
    const text = await request.text();
    const accept = request.headers.get("accept");
    const read = actor.kind === "session" ? await answerRead(text, accept, newContext()) : null;
    const { url, method, headers } = request;
    const response = read ?? (await server.fetch(new Request(url, { method, headers, body: text }), newContext()));
    return withCookies(response, setCookies);
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

  return async (request, arrival) => {
    // Until its operation is known.
    arrival.notes.operation = new URL(request.url).pathname;
    try {
      if (presentedKey(request.headers, config.acceptBearer) !== null) throw keysAreRefused();
      if (request.method === "POST") return await execute(request, arrival);
      if (request.method === "GET") return await show(request, arrival);
      return methodNotAllowed(arrival);
    } catch (error) {
      const failure = toDomainError(error, arrival.requestId, logger);
      arrival.notes.code = failure.code;
      return graphQLErrorResponse(failure, arrival.requestId);
    }
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
  return errorBody({ code: "method_not_allowed", requestId }, message, 405, { allow: "POST" });
}

/** A refusal before GraphQL was reached, in the shape that GraphQL clients read. */
export function graphQLErrorResponse(error: DomainError, requestId: string): Response {
  const retryAfter = retryAfterOf(error);
  const headers = retryAfter === null ? {} : { "retry-after": String(retryAfter) };
  return errorBody({ code: error.code, ...error.details, requestId }, error.message, error.status, headers);
}

function errorBody(extensions: object, message: string, status: number, headers: Record<string, string>): Response {
  return new Response(JSON.stringify({ errors: [{ message, extensions }] }), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
}

function withCookies(response: Response, cookies: readonly string[]): Response {
  if (cookies.length === 0) return response;
  const headers = new Headers(response.headers);
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(response.body, { status: response.status, headers });
}
