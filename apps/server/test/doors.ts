import type { Person } from "./story.ts";
import type { TestServer } from "./test-server.ts";

export interface GraphQLAnswer {
  readonly status: number;
  // Shapes differ from query to query; each test reads what it asked for.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly data: any;
  readonly errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

/** GraphQL as the page uses it: POST, JSON, our origin, the person's cookie (or nobody's). */
export async function graphql(
  server: TestServer,
  person: Person | null,
  query: string,
  variables: object = {},
): Promise<GraphQLAnswer> {
  const response = await server.fetch("/graphql", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin: server.origin,
      ...(person === null ? {} : { cookie: person.cookie }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as Partial<GraphQLAnswer>;
  return { status: response.status, data: body.data ?? null, errors: body.errors ?? [] };
}

type Credential = { readonly key: string } | { readonly person: Person } | null;

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** REST as an integrator with a key uses it, or a page with a session. */
export async function rest(
  server: TestServer,
  credential: Credential,
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string>; ip?: string } = {},
): Promise<RestAnswer> {
  const headers = new Headers(options.headers);
  if (credential !== null && "key" in credential) headers.set("x-api-key", credential.key);
  if (credential !== null && "person" in credential) {
    headers.set("cookie", credential.person.cookie);
    if (!headers.has("origin")) headers.set("origin", server.origin);
  }
  const hasBody = options.body !== undefined;
  if (hasBody && !headers.has("content-type")) headers.set("content-type", "application/json");
  const body = typeof options.body === "string" ? options.body : JSON.stringify(options.body);
  if (hasBody) headers.set("content-length", String(Buffer.byteLength(body)));
  const response = await server.fetch(`/api/v1${path}`, {
    method,
    headers,
    ...(hasBody ? { body } : {}),
    ...(options.ip === undefined ? {} : { ip: options.ip }),
  });
  const text = await response.text();
  const isJson = text !== "" && /[/+]json/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** The first call of every integration. */
export const me = (server: TestServer, key: string): Promise<RestAnswer> => rest(server, { key }, "GET", "/auth/me");
