import { parse, specifiedRules, validate, type DocumentNode, type GraphQLSchema } from "graphql";
import { isUnavailable } from "../database/unavailable.ts";
import { DomainError } from "../domain-error.ts";
import type { PlainAnswer } from "../plain-answer.ts";
import type { GraphQLContext } from "./builder.ts";
import { compileQuery, type CompiledQuery } from "./compiled-query.ts";
import { LIMIT_RULES, MAX_TOKENS } from "./limits.ts";
import { noteOperation } from "./operation-notes.ts";

/** The page asks some fifty documents; a client of another making may send what it likes. */
const MAX_DOCUMENTS = 300;
/** In characters: longer ones are not worth the memory. */
const MAX_DOCUMENT_LENGTH = 8 * 1024;

/** What a client accepts -> in what it is answered. For every other wish Yoga negotiates. */
const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ["*/*", "application/json; charset=utf-8"],
  ["application/json", "application/json; charset=utf-8"],
  ["application/graphql-response+json", "application/graphql-response+json; charset=utf-8"],
  // As Apollo Client asks.
  ["application/graphql-response+json,application/json;q=0.9", "application/graphql-response+json; charset=utf-8"],
]);

interface Parameters {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The answer to a request of this text; null when it is not a plain query that succeeds: then Yoga answers. */
export type AnswerRead = (text: string, accept: string | null, context: GraphQLContext) => Promise<PlainAnswer | null>;

interface Read {
  readonly document: DocumentNode;
  readonly run: CompiledQuery;
}

/**
 * Answers queries by functions that were compiled from their documents. A document is parsed, validated and held to the
 * limits once; for one that failed there is no function, so that Yoga says what is wrong with it.
 */
export function createAnswerRead(schema: GraphQLSchema): AnswerRead {
  const compiled = new Map<string, Read | null>();

  const find = ({ query, operationName }: Parameters): Read | null => {
    if (query.length > MAX_DOCUMENT_LENGTH) return null;
    const key = `${operationName ?? ""}\n${query}`;
    const known = compiled.get(key);
    const found = known === undefined ? compile(schema, query, operationName) : known;
    // The least recently asked is the first in the map.
    compiled.delete(key);
    compiled.set(key, found);
    const [oldest] = compiled.keys();
    if (compiled.size > MAX_DOCUMENTS && oldest !== undefined) compiled.delete(oldest);
    return found;
  };

  return async (text, accept, context) => {
    const mediaType = MEDIA_TYPES.get(accept ?? "*/*");
    const parameters = readParameters(text);
    if (mediaType === undefined || parameters === null) return null;
    const read = find(parameters);
    if (read === null) return null;
    const { operationName, variables } = parameters;
    noteOperation({ document: read.document, operationName, variableValues: variables }, context);
    const outcome = await read.run(context, variables);
    if ("data" in outcome)
      return { status: 200, headers: { "content-type": mediaType }, body: `{"data":${outcome.data}}` };
    // Nobody is to wait for a database that is away a second time.
    if (isOutage(outcome.unfinished)) throw outcome.unfinished;
    return null;
  };
}

function compile(schema: GraphQLSchema, query: string, operationName: string | null): Read | null {
  try {
    const document = parse(query, { maxTokens: MAX_TOKENS });
    if (validate(schema, document, [...specifiedRules, ...LIMIT_RULES]).length > 0) return null;
    const run = compileQuery(schema, document, operationName);
    return run === null ? null : { document, run };
  } catch {
    // No syntax: Yoga tells where.
    return null;
  }
}

const PARAMETERS = new Set(["query", "operationName", "variables", "extensions"]);

function readParameters(text: string): Parameters | null {
  const body = parseJson(text);
  if (!isRecord(body) || !Object.keys(body).every((name) => PARAMETERS.has(name))) return null;
  const { query, operationName = null, variables = null, extensions = null } = body;
  if (typeof query !== "string" || (operationName !== null && typeof operationName !== "string")) return null;
  if ((variables !== null && !isRecord(variables)) || (extensions !== null && !isRecord(extensions))) return null;
  return { query, operationName, variables: variables ?? {} };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOutage(error: unknown): boolean {
  return error instanceof DomainError ? error.code === "unavailable" : isUnavailable(error);
}
