import { createHash, generateKeyPairSync, randomUUID, sign, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Whoever is signed in at the provider. */
export interface Persona {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

/** How the next answers differ from the honest ones. */
export interface Lies {
  /** Claims of the ID token; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly signature?: "foreign" | "none";
  readonly withoutIdToken?: boolean;
  /** What the userinfo endpoint says instead. */
  readonly userInfo?: Readonly<Record<string, unknown>>;
  /** What the discovery document says it is of. */
  readonly discoveredIssuer?: string;
  /** Parameters of the way back; undefined leaves one out. */
  readonly callback?: Readonly<Record<string, string | undefined>>;
  /** Paths whose request is never answered. */
  readonly silent?: readonly string[];
  /** Paths that answer with this status. */
  readonly failing?: Readonly<Record<string, number>>;
}

interface Grant {
  readonly challenge: string;
  readonly nonce: string | null;
  readonly redirectUri: string;
}

/** An OIDC provider on loopback that signs in whoever it is told to, demands PKCE, and can be told to lie. */
export class TestOidcProvider {
  static readonly client = { id: "latchkey", secret: "a secret of the client" };
  person: Persona = { sub: "nobody" };
  lies: Lies = {};
  readonly #server: Server;
  readonly #keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  readonly #foreignKeys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  readonly #grants = new Map<string, Grant>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<TestOidcProvider> {
    const server = createServer();
    const provider = new TestOidcProvider(server);
    server.on("request", (request, response) => void provider.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The settings of a server that trusts this provider. */
  get settings(): Record<string, string> {
    const { id, secret } = TestOidcProvider.client;
    return { OIDC_ISSUER: this.issuer, OIDC_CLIENT_ID: id, OIDC_CLIENT_SECRET: secret, OIDC_NAME: "Acme Login" };
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.issuer);
    if (this.lies.silent?.includes(url.pathname) === true) return;
    const failure = this.lies.failing?.[url.pathname];
    if (failure !== undefined) return json(response, failure, {});
    if (url.pathname === "/.well-known/openid-configuration") return json(response, 200, this.#discovery());
    if (url.pathname === "/jwks") return json(response, 200, { keys: [jwkOf(this.#keys.publicKey)] });
    if (url.pathname === "/authorize") return this.#authorize(url.searchParams, response);
    if (url.pathname === "/token") return this.#exchange(request, response);
    if (url.pathname === "/userinfo") return json(response, 200, { ...this.person, ...this.lies.userInfo });
    json(response, 404, {});
  }

  #discovery(): object {
    return {
      issuer: this.lies.discoveredIssuer ?? this.issuer,
      authorization_endpoint: `${this.issuer}/authorize`,
      token_endpoint: `${this.issuer}/token`,
      userinfo_endpoint: `${this.issuer}/userinfo`,
      jwks_uri: `${this.issuer}/jwks`,
      id_token_signing_alg_values_supported: ["RS256"],
    };
  }

  #authorize(query: URLSearchParams, response: ServerResponse): void {
    const challenge = query.get("code_challenge");
    const redirectUri = query.get("redirect_uri");
    if (challenge === null || redirectUri === null || query.get("code_challenge_method") !== "S256") {
      return json(response, 400, { error: "invalid_request" });
    }
    const code = randomUUID();
    this.#grants.set(code, { challenge, redirectUri, nonce: query.get("nonce") });
    const back = new URL(redirectUri);
    const parameters = { code, state: query.get("state") ?? "", iss: this.issuer, ...this.lies.callback };
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) back.searchParams.set(name, value);
    response.writeHead(302, { location: back.href }).end();
  }

  async #exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await textOf(request));
    const { id, secret } = TestOidcProvider.client;
    const credentials = `${encodeURIComponent(id)}:${new URLSearchParams({ secret }).toString().slice("secret=".length)}`;
    if (request.headers.authorization !== `Basic ${Buffer.from(credentials).toString("base64")}`) {
      return json(response, 401, { error: "invalid_client" });
    }
    const code = form.get("code") ?? "";
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (grant?.challenge !== challenge || form.get("redirect_uri") !== grant.redirectUri) {
      return json(response, 400, { error: "invalid_grant" });
    }
    const tokens = { access_token: randomUUID(), refresh_token: randomUUID(), token_type: "Bearer", expires_in: 3600 };
    const idToken = this.lies.withoutIdToken === true ? {} : { id_token: this.#idToken(grant) };
    json(response, 200, { ...tokens, ...idToken });
  }

  #idToken({ nonce }: Grant): string {
    const now = Math.floor(Date.now() / 1000);
    const own = { iss: this.issuer, aud: TestOidcProvider.client.id, iat: now, exp: now + 300, nonce };
    const claims = { ...own, ...this.person, ...this.lies.claims };
    const isUnsigned = this.lies.signature === "none";
    const head = { alg: isUnsigned ? "none" : "RS256", typ: "JWT", kid: "test" };
    const signed = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    if (isUnsigned) return `${signed}.`;
    const { privateKey } = this.lies.signature === "foreign" ? this.#foreignKeys : this.#keys;
    return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
  }
}

function jwkOf(key: KeyObject): object {
  return { ...key.export({ format: "jwk" }), kid: "test", alg: "RS256", use: "sig" };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
