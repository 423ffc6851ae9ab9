// The page in development: Vite's server as a guest of ours, so that page and API are one origin as in production.
import { readFile } from "node:fs/promises";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { join } from "node:path";
import { createServer } from "vite";

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** The server that everything goes through. */
interface Host {
  readonly node: Server;
  askFirst(middleware: Middleware): void;
}

const INDEX = join(import.meta.dirname, "index.html");
/** Answered by the server alone: what belongs to the page is everything else. */
const OF_THE_SERVER = /^\/(api|graphql|docs|livez|readyz)([/?]|$)/;

// What the page may do in production, and what hot reload needs besides: an inline module, and a WebSocket.
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self' ws:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Serves modules as they are edited, and tells open pages of every change over a WebSocket on the same port. */
export async function openDevPage({ node, askFirst }: Host) {
  const vite = await createServer({
    configFile: join(import.meta.dirname, "vite.config.ts"),
    configLoader: "native",
    appType: "custom",
    // Origins are the server's to judge.
    server: { middlewareMode: true, hmr: { server: node }, cors: false },
    clearScreen: false,
  });
  askFirst((request, response, next) => {
    if (OF_THE_SERVER.test(request.url ?? "")) next();
    else vite.middlewares(request, response, next);
  });

  return {
    async serve(request: Request): Promise<Response> {
      const { pathname } = new URL(request.url);
      const html = await vite.transformIndexHtml(pathname, await readFile(INDEX, "utf8"));
      return new Response(html, {
        headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY },
      });
    },
    close: () => vite.close(),
  };
}
