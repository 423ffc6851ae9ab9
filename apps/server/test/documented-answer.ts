import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";

// Every answer of /api/v1 that a test sees is held to the committed document: its status, its headers, its body with
// no field too many, and its error code. An integrator knows nothing else.

interface Schema {
  readonly $ref?: string;
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly allOf?: readonly Schema[];
}

interface Header {
  readonly $ref?: string;
  readonly required?: boolean;
}

interface Answer {
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema; readonly examples?: object }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Record<string, Answer> }>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly headers: Readonly<Record<string, Header>>;
    readonly responses: Readonly<Record<string, Answer>>;
  };
}

/** Of transport, of browsers' safety and of sessions: the same for all of the server, and no part of a route's contract. */
const GENERAL_HEADERS =
  /^(content-(type|length|security-policy)|cache-control|vary|set-cookie|x-content-type-options|referrer-policy|permissions-policy|strict-transport-security|cross-origin-.*|access-control-.*)$/;
/** Given once it is known who asks, so with a token taken. */
const AFTER_THE_LIMIT = new Set([200, 201, 204, 402, 404, 409, 410, 415, 422]);
/** What a path can answer that the document does not have. */
const WITHOUT_A_ROUTE = new Set(["origin_refused", "too_large", "unavailable", "internal"]);

const OPENAPI = join(import.meta.dirname, "../openapi.json");
let loaded: { document: Document; ajv: Ajv2020 } | null = null;

function load(): { document: Document; ajv: Ajv2020 } {
  if (loaded !== null) return loaded;
  const open = JSON.parse(readFileSync(OPENAPI, "utf8")) as Document;
  const document = closed(open, open.components.schemas) as Document;
  const ajv = new Ajv2020({
    allErrors: true,
    // The document around the schemas is no schema.
    strict: false,
    validateSchema: false,
    formats: { "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, uri: (text: string) => URL.canParse(text) },
  });
  ajv.addSchema(document, "openapi");
  loaded = { document, ajv };
  return loaded;
}

/** The same with every object closed: the document promises to grow by addition, so only tests may be that strict. */
function closed(node: unknown, schemas: Document["components"]["schemas"]): unknown {
  if (Array.isArray(node)) return node.map((one) => closed(one, schemas));
  if (typeof node !== "object" || node === null) return node;
  const schema: object = "allOf" in node ? merged(node as Schema, schemas) : node;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value, schemas)]));
  const isOpenObject = inner["type"] === "object" && "properties" in inner && !("additionalProperties" in inner);
  return isOpenObject ? { ...inner, additionalProperties: false } : inner;
}

/** One object of what `allOf` puts together, so that it can be closed as a whole. */
function merged({ allOf = [], ...rest }: Schema, schemas: Document["components"]["schemas"]): Schema {
  const parts = [...allOf, rest].map((part) => schemas[part.$ref?.split("/").at(-1) ?? ""] ?? part);
  return {
    type: "object",
    properties: Object.assign({}, ...parts.map(({ properties }) => properties ?? {})) as Record<string, Schema>,
    required: parts.flatMap(({ required = [] }) => required),
  };
}

/** @throws when the document does not say that this request can be answered like this */
export async function assertDocumented(request: Request, response: Response): Promise<void> {
  const { pathname } = new URL(request.url);
  const isPreflight = request.method === "OPTIONS" && request.headers.has("access-control-request-method");
  if (!/^\/api\/v1(\/|$)/.test(pathname) || isPreflight) return;
  const problems = await undocumentedIn(request.method, decodedPath(pathname), response.clone());
  if (problems.length === 0) return;
  throw new Error(`${request.method} ${pathname} answered ${response.status}:\n${problems.join("\n")}`);
}

/** As the router reads it. */
function decodedPath(pathname: string): string {
  try {
    return decodeURI(pathname);
  } catch {
    return pathname;
  }
}

async function undocumentedIn(method: string, path: string, response: Response): Promise<string[]> {
  const text = await response.text();
  const place = placeOf(method, path, response, text);
  if (place === null) return [`The document has no answer ${response.status} for this.`];
  const [pointer, answer] = place;
  return [...headerProblems(answer, response), ...bodyProblems(pointer, answer, method, response, text)];
}

/** Where the document describes this answer, and what it says there. */
function placeOf(method: string, path: string, { status }: Response, text: string): [string, Answer] | null {
  const { document } = load();
  const template = Object.keys(document.paths).find((one) =>
    new RegExp(`^${one.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`).test(path),
  );
  const verb = method === "HEAD" ? "get" : method.toLowerCase();
  const responses = document.paths[template ?? ""]?.[verb]?.responses;
  if (template !== undefined && responses !== undefined) {
    const answer = responses[status];
    const pointer = `/paths/${template.replaceAll("~", "~0").replaceAll("/", "~1")}/${verb}/responses/${status}`;
    return answer === undefined ? null : [pointer, answer];
  }
  const name = template === undefined ? "NoSuchPath" : "NoSuchMethod";
  const answer = document.components.responses[name];
  if (answer === undefined) return null;
  const code = text === "" ? null : (JSON.parse(text) as { code: string }).code;
  if (code !== null && WITHOUT_A_ROUTE.has(code))
    return [`/components/responses/${name}`, { content: answer.content ?? {} }];
  return status === (template === undefined ? 404 : 405) ? [`/components/responses/${name}`, answer] : null;
}

function headerProblems({ headers = {} }: Answer, response: Response): string[] {
  const { document } = load();
  const documented = new Map(
    Object.entries(headers).map(([name, header]) => {
      const named = document.components.headers[header.$ref?.split("/").at(-1) ?? ""] ?? header;
      const isDue = /^ratelimit/i.test(name) && AFTER_THE_LIMIT.has(response.status);
      return [name.toLowerCase(), named.required === true || isDue];
    }),
  );
  const present = [...response.headers.keys()].filter((name) => !GENERAL_HEADERS.test(name));
  return [
    ...[...documented].filter(([name, isDue]) => isDue && !response.headers.has(name)).map(([name]) => `No ${name}.`),
    ...present.filter((name) => name !== "x-request-id" && !documented.has(name)).map((name) => `A header ${name}.`),
    ...(response.headers.has("x-request-id") ? [] : ["No x-request-id."]),
    ...(response.headers.get("cache-control") === "no-store" ? [] : ["It may be cached."]),
  ];
}

function bodyProblems(pointer: string, { content }: Answer, method: string, response: Response, text: string) {
  if (method === "HEAD" || content === undefined) return text === "" ? [] : ["A body."];
  const [mediaType = ""] = (response.headers.get("content-type") ?? "").split(";");
  const documented = content[mediaType];
  if (documented === undefined) return [`A body of the type "${mediaType}".`];
  if (!mediaType.endsWith("json")) return [];
  const { ajv } = load();
  const escaped = mediaType.replaceAll("/", "~1");
  const validate = ajv.getSchema(`openapi#${encodeURI(pointer)}/content/${escaped}/schema`);
  if (validate === undefined) return [`No schema at ${pointer}.`];
  const problemsOf = (value: unknown) =>
    validate(value) === true ? [] : [ajv.errorsText(validate.errors, { dataVar: "body" })];
  // A value for each line.
  if (mediaType === "application/x-ndjson")
    return text.split("\n").flatMap((line) => (line === "" ? [] : problemsOf(JSON.parse(line))));
  const body = JSON.parse(text) as Record<string, unknown>;
  const problems = problemsOf(body);
  return mediaType === "application/problem+json"
    ? [...problems, ...disagreements(body, documented.examples ?? {}, response)]
    : problems;
}

function disagreements(problem: Record<string, unknown>, examples: object, { status, headers }: Response): string[] {
  const { code } = problem;
  return [
    ...(String(code) in examples || WITHOUT_A_ROUTE.has(String(code)) ? [] : [`The code ${String(code)}.`]),
    ...(problem["status"] === status ? [] : ["Another status in the body."]),
    ...(problem["requestId"] === headers.get("x-request-id") ? [] : ["Another id in the body."]),
  ];
}
