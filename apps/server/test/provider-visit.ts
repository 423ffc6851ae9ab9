import type { TestServer } from "./test-server.ts";

interface Start {
  readonly provider?: string;
  readonly next?: string;
  /** The end of an invitation's link. */
  readonly invitation?: string;
  readonly headers?: Record<string, string>;
}

interface Landing {
  readonly status: number;
  /** Path and query of where the browser is sent. */
  readonly location: string;
  /** The Cookie header of the new session; empty without one. */
  readonly session: string;
}

let visitors = 0;

/** A browser that signs in through a provider, step by step. Each has an address of its own: sign-ins are limited. */
export class ProviderVisit {
  readonly #server: TestServer;
  readonly #ip: string;
  #cookie = "";

  constructor(server: TestServer) {
    visitors += 1;
    this.#server = server;
    this.#ip = `10.9.${visitors >> 8}.${visitors & 255}`;
  }

  /** What the page does when somebody presses *Continue with …*. */
  async start({ provider = "oidc", next, invitation, headers }: Start = {}): Promise<Response> {
    const response = await this.#server.fetch("/api/auth/sign-in/social", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        origin: this.#server.origin,
        ...(invitation === undefined ? {} : { "x-latchkey-invitation": invitation }),
        ...headers,
      },
      body: JSON.stringify({ provider, ...(next === undefined ? {} : { next }) }),
      ip: this.#ip,
    });
    this.#cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(";", 1)[0])
      .join("; ");
    return response;
  }

  /** Where the provider sends the browser after the person agreed. */
  async callbackUrl(start?: Start): Promise<URL> {
    const response = await this.start(start);
    if (response.status !== 200) throw new Error(`The start was answered ${response.status}: ${await response.text()}`);
    const { url } = (await response.json()) as { url: string };
    const agreed = await fetch(url, { redirect: "manual" });
    return new URL(agreed.headers.get("location") ?? "");
  }

  async comeBack(callback: URL): Promise<Landing> {
    const response = await this.#server.fetch(callback.pathname + callback.search, {
      headers: this.#cookie === "" ? {} : { cookie: this.#cookie },
      ip: this.#ip,
    });
    const location = new URL(response.headers.get("location") ?? "about:blank", this.#server.origin);
    const kept = response.headers.getSetCookie().filter((line) => !/max-age=0/i.test(line));
    const session = kept.map((line) => line.split(";", 1)[0] ?? "").find((cookie) => cookie.includes("session_token="));
    if (response.headers.getSetCookie().some((line) => /oauth_state=;/.test(line))) this.#cookie = "";
    return { status: response.status, location: location.pathname + location.search, session: session ?? "" };
  }

  /** All of it. */
  async signIn(start?: Start): Promise<Landing> {
    return this.comeBack(await this.callbackUrl(start));
  }
}
