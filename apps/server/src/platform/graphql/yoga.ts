import { GraphQLError, NoSchemaIntrospectionCustomRule } from "graphql";
import { createYoga, type GraphQLHTTPExtensions, type Plugin, type YogaServerInstance } from "graphql-yoga";
import type { Logger } from "pino";
import type { ErrorCode } from "@latchkey/types/error-codes";
import type { CallNotes } from "../call-notes.ts";
import { DomainError } from "../domain-error.ts";
import { RETRY_AFTER_SECONDS, toDomainError } from "../failure.ts";
import type { GraphQLContext } from "./builder.ts";
import { LIMIT_RULES, MAX_TOKENS } from "./limits.ts";
import { noteOperation } from "./operation-notes.ts";
import { schema } from "./schema.ts";

interface YogaOptions {
  readonly logger: Logger;
  /** Signed-out callers may read the schema in local mode only. */
  readonly isIntrospectionPublic: boolean;
}

/** The GraphQL door: POST and JSON only; who asks, from where and how much was decided before a request comes here. */
export function createGraphQLServer(options: YogaOptions): YogaServerInstance<GraphQLContext, object> {
  return createYoga<GraphQLContext>({
    schema,
    graphqlEndpoint: "/graphql",
    landingPage: false,
    graphiql: false,
    batching: false,
    multipart: false,
    cors: false,
    logging: false,
    // Ours below masks every error, and says which code it has.
    maskedErrors: false,
    plugins: [limits(options), callNotes(), errorCodes(options.logger)],
  });
}

function limits({ isIntrospectionPublic }: YogaOptions): Plugin<GraphQLContext> {
  return {
    onParse({ params }) {
      params.options = { ...params.options, maxTokens: MAX_TOKENS };
    },
    onValidate({ addValidationRule, context }) {
      for (const rule of LIMIT_RULES) addValidationRule(rule);
      const maySeeSchema = isIntrospectionPublic || context.requestContext.actor.kind === "session";
      if (!maySeeSchema) addValidationRule(NoSchemaIntrospectionCustomRule);
    },
  };
}

/** What the record of a call says: what was run, and what its first error was. */
function callNotes(): Plugin<GraphQLContext, GraphQLContext> {
  return {
    onExecute: ({ args }) => noteOperation(args, args.contextValue),
  };
}

/** Every error of every answer gets its code here, and whatever was not meant for callers is masked. */
function errorCodes(logger: Logger): Plugin<GraphQLContext, GraphQLContext> {
  return {
    onResultProcess({ result, setResult, serverContext }) {
      const { requestContext, notes } = serverContext;
      const { requestId } = requestContext;
      const describe = (error: GraphQLError) => describeError(error, requestId, logger);
      const withCodes = (one: object) => {
        if (!("errors" in one) || !Array.isArray(one.errors)) return one;
        const errors = (one.errors as GraphQLError[]).map(describe);
        if (notes.code === null) noteError(notes, errors[0]);
        return { ...one, errors };
      };
      if (Array.isArray(result)) setResult(result.map(withCodes));
      else if (!(Symbol.asyncIterator in result)) setResult(withCodes(result));
    },
  };
}

function noteError(notes: CallNotes, error: GraphQLError | undefined): void {
  const { code, requiredPermission } = error?.extensions ?? {};
  notes.code = typeof code === "string" ? code : null;
  notes.requiredPermission = typeof requiredPermission === "string" ? requiredPermission : null;
}

function describeError(error: GraphQLError, requestId: string, logger: Logger): GraphQLError {
  const cause = error.originalError;
  const { nodes, path, source, positions } = error;
  const place = { nodes, path, source, positions };
  if (cause == null || cause instanceof GraphQLError) {
    return new GraphQLError(error.message, { ...place, extensions: { ...aboutTheRequest(error), requestId } });
  }
  const failure = toDomainError(cause, requestId, logger);
  return new GraphQLError(failure.message, {
    ...place,
    extensions: { code: failure.code, ...failure.details, requestId, ...httpOf(failure) },
  });
}

/** Syntax, validation, a variable of the wrong type, a body that is no request: the sentence was written for the caller. */
function aboutTheRequest({ extensions }: GraphQLError): { code: ErrorCode; http?: GraphQLHTTPExtensions } {
  // Yoga could not make a GraphQL request of the body at all; it adds what JSON.parse said.
  const isUnreadable = extensions.code === "BAD_REQUEST";
  if (isUnreadable)
    return { code: extensions.originalError === undefined ? "invalid_input" : "invalid_json", http: { status: 400 } };
  return {
    code: "invalid_input",
    ...(extensions.http === undefined ? {} : { http: extensions.http as GraphQLHTTPExtensions }),
  };
}

/** An outage shows in the status too, for what stands between; all else is a well-formed GraphQL answer. */
function httpOf(failure: DomainError): { http?: object } {
  if (failure.code === "unavailable")
    return { http: { status: 503, headers: { "retry-after": String(RETRY_AFTER_SECONDS) } } };
  if (failure.code === "internal") return { http: { status: 500 } };
  return {};
}
