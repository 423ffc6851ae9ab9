import type { Launched } from "./product.ts";

/** A plain HTTP client: `fetch`, with nothing between it and the server. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The `code` of an error in any of the doors' forms. */
  readonly code: string | null;
  readonly milliseconds: number;
}

type Target = Pick<Launched, "url">;

export async function call(target: Target, path: string, init: RequestInit = {}): Promise<Answer> {
  const startedAt = performance.now();
  const response = await fetch(target.url + path, init);
  const text = await response.text();
  const milliseconds = Math.round(performance.now() - startedAt);
  const body: unknown = response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
  return { status: response.status, body, code: codeIn(body), milliseconds };
}

/** The first call of every integration. */
export function callWithKey(target: Target, secret: string, path = "/api/v1/auth/me"): Promise<Answer> {
  return call(target, path, { headers: { "x-api-key": secret } });
}

/** Somebody signed in, without a browser. */
export class Session {
  readonly #target: Target;
  /** As a `Cookie` header has it. */
  readonly #cookie: string;

  constructor(target: Target, cookie: string) {
    this.#target = target;
    this.#cookie = cookie;
  }

  /** For a browser that is to be signed in as well. */
  get cookies(): readonly { readonly name: string; readonly value: string; readonly url: string }[] {
    return this.#cookie.split("; ").map((cookie) => {
      const [name = "", ...value] = cookie.split("=");
      return { name, value: value.join("="), url: this.#target.url };
    });
  }

  graphql(query: string, variables: object = {}): Promise<Answer> {
    return this.post("/graphql", { query, variables });
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return call(this.#target, path, {
      method: "POST",
      headers: { "content-type": "application/json", origin: this.#target.url, cookie: this.#cookie, ...headers },
      body: JSON.stringify(body),
    });
  }

  get(path: string): Promise<Answer> {
    return call(this.#target, path, { headers: { cookie: this.#cookie } });
  }

  /** The new key's id and secret. */
  async createKey(name: string, permissions: readonly string[] = ["analytics:read"]): Promise<CreatedKey> {
    const { body } = await this.graphql(CREATE, { input: { name, permissions } });
    const { apiKey, key } = (body as { data: { createApiKey: { apiKey: { id: string }; key: string } } }).data
      .createApiKey;
    return { id: apiKey.id, secret: key };
  }

  async revokeKey(id: string): Promise<void> {
    const { body } = await this.graphql(REVOKE, { input: { id } });
    const { __typename } = (body as { data: { revokeApiKey: { __typename: string } } }).data.revokeApiKey;
    if (__typename !== "RevokeApiKeyPayload") throw new Error(`Revoking answered ${__typename}.`);
  }

  async key(id: string): Promise<KeyState | null> {
    const { body } = await this.graphql("query ($id: ID!) { apiKey(id: $id) { status lastUsed } }", { id });
    return (body as { data: { apiKey: KeyState | null } }).data.apiKey;
  }

  async keyNames(): Promise<string[]> {
    const { body } = await this.graphql("{ apiKeys(first: 100) { nodes { name } } }");
    const { nodes } = (body as { data: { apiKeys: { nodes: { name: string }[] } } }).data.apiKeys;
    return nodes.map(({ name }) => name);
  }
}

interface CreatedKey {
  readonly id: string;
  readonly secret: string;
}

interface KeyState {
  readonly status: "ACTIVE" | "EXPIRED" | "REVOKED";
  readonly lastUsed: string | null;
}

const CREATE = `mutation ($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { ... on CreateApiKeyPayload { apiKey { id } key } }
}`;
const REVOKE = "mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { __typename } }";

export const OWNER = "owner@acme.example";
export const DEMO_PASSWORD = "latchkey-demo";

export async function signIn(target: Target, email = OWNER, password = DEMO_PASSWORD): Promise<Session> {
  const response = await fetch(`${target.url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: target.url },
    body: JSON.stringify({ email, password }),
  });
  if (response.status !== 200) throw new Error(`Signing in answered ${response.status}: ${await response.text()}`);
  // What is for the sign-in's path alone is not sent to others.
  const lines = response.headers.getSetCookie().filter((line) => !line.includes("known_device"));
  const cookie = lines.map((line) => line.split(";", 1)[0]);
  return new Session(target, cookie.join("; "));
}

function codeIn(body: unknown): string | null {
  const { code, errors } = (body ?? {}) as { code?: string; errors?: { extensions?: { code?: string } }[] };
  return code ?? errors?.[0]?.extensions?.code ?? null;
}
