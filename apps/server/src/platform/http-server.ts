import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import type { App } from "../app.ts";

/** Longer headers are 431 before anything reads them. */
const MAX_HEADER_BYTES = 16 * 1024;

export class PortBusyError extends Error {
  constructor(port: number, options: ErrorOptions) {
    super(`Port ${port} is taken by another program. Stop that one, or set PORT to another number.`, options);
  }
}

/** As connect has it: answers, or calls `next`. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

export interface HttpServer {
  readonly port: number;
  /** The server beneath, for who takes over connections of its own (a development server's WebSocket). */
  readonly node: Server;
  /** From now on requests go to this first, and to the app when it does not answer them. For development only. */
  askFirst(middleware: Middleware): void;
  /** Finishes what is in flight, takes nothing new, and gives up waiting after `milliseconds`. */
  close(milliseconds: number): Promise<void>;
}

/** Listens before anything else is started, so that a busy port is told at once. */
export async function listen(app: App, { port, host }: { port: number; host: string }): Promise<HttpServer> {
  const listener = getRequestListener((request, env) => app(request, addressOf((env as HttpBindings).incoming.socket)));
  let first: Middleware | null = null;
  const server = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: 10_000, requestTimeout: 30_000 },
    (request, response) => {
      const answer = () => void listener(request, response);
      if (first === null) answer();
      else first(request, response, answer);
    },
  );
  server.on("clientError", refuseMalformed);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? new PortBusyError(port, { cause: error }) : error);
    });
    server.listen({ port, host }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    node: server,
    askFirst: (middleware) => (first = middleware),
    close: (milliseconds) => drain(server, milliseconds),
  };
}

/** As the socket says. */
function addressOf(socket: Socket): string {
  return socket.remoteAddress ?? "unknown";
}

/** What is not HTTP never reaches the app: it is answered here, with our code, and the connection ends. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket | ServerResponse["socket"]): void {
  if (socket === null || !socket.writable) return;
  const isTooLarge = error.code === "HPE_HEADER_OVERFLOW";
  const [status, code, title] = isTooLarge
    ? ["431 Request Header Fields Too Large", "header_too_large", "Header too large"]
    : ["400 Bad Request", "invalid_input", "Malformed request"];
  const body = JSON.stringify({ title, status: Number(status.slice(0, 3)), code });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/problem+json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}

async function drain(server: Server, milliseconds: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A kept-alive connection becomes idle when its answer is out: it must not hold up the stop.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const giveUp = setTimeout(() => server.closeAllConnections(), milliseconds);
  await closed;
  clearInterval(sweep);
  clearTimeout(giveUp);
}
