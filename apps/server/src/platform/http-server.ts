import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer, STATUS_CODES } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import type { App } from "../app.ts";
import { DomainError } from "./domain-error.ts";
import { earlyProblem } from "./early-problem.ts";
import type { DirectDoor } from "./direct-door.ts";
import type { PlainAnswer } from "./plain-answer.ts";
import { answerPlainly, type PlainConnections } from "./wire/plain-connections.ts";

/** Longer headers are 431 before anything reads them. */
const MAX_HEADER_BYTES = 16 * 1024;

interface Addresses {
  readonly publicUrl: string;
  readonly supportUrl: string | null;
}

interface ParseError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
}

export class PortBusyError extends Error {
  constructor(port: number, options: ErrorOptions, setting = "PORT") {
    super(`Port ${port} is taken by another program. Stop that one, or set ${setting} to another number.`, options);
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
  /** From now on requests that this understands are answered by it, before the app. */
  answerDirectly(door: DirectDoor): void;
  /** Finishes what is in flight, takes nothing new, and gives up waiting after `milliseconds`. */
  close(milliseconds: number): Promise<void>;
}

/** Listens before anything else is started, so that a busy port is told at once. */
export async function listen(
  app: App,
  { port, host, ...addresses }: { port: number; host: string } & Addresses,
): Promise<HttpServer> {
  const listener = getRequestListener((request, env) => app(request, addressOf((env as HttpBindings).incoming.socket)));
  let first: Middleware | null = null;
  let direct: DirectDoor | null = null;
  const server = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: 10_000, requestTimeout: 30_000 },
    (request, response) => {
      const answered = direct?.(request, addressOf(request.socket), request) ?? null;
      if (answered !== null) return void answered.then((answer) => send(answer, response));
      const answer = () => void listener(request, response);
      if (first === null) answer();
      else first(request, response, answer);
    },
  );
  const plainConnections = answerPlainly(
    server,
    (request, socket) => direct?.(request, addressOf(socket), null) ?? null,
  );
  server.on("clientError", (error, socket) => void refuseMalformed(error, socket as Socket, addresses));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? new PortBusyError(port, { cause: error }) : error);
    });
    server.listen({ port, host }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    node: server,
    answerDirectly: (door) => (direct = door),
    askFirst: (middleware) => (first = middleware),
    close: (milliseconds) => drain(server, plainConnections, milliseconds),
  };
}

function send({ status, headers, body, cookies = [] }: PlainAnswer, response: ServerResponse): void {
  const length = body === null ? {} : { "content-length": Buffer.byteLength(body) };
  const setCookie = cookies.length === 0 ? {} : { "set-cookie": [...cookies] };
  response.writeHead(status, { ...headers, ...length, ...setCookie }).end(body);
}

/** As the socket says. */
function addressOf(socket: Socket): string {
  return socket.remoteAddress ?? "unknown";
}

/** What is not HTTP never reaches the app: it is answered here, as any other problem, and the connection ends. */
async function refuseMalformed(error: ParseError, socket: Socket, addresses: Addresses): Promise<void> {
  const refusal =
    error.code === "HPE_HEADER_OVERFLOW"
      ? new DomainError("header_too_large", "The headers of a request hold at most 16 KiB.")
      : new DomainError("malformed_request", "This is not a well-formed HTTP request.");
  const response = earlyProblem(refusal, pathOf(error.rawPacket), addresses);
  const body = Buffer.from(await response.arrayBuffer());
  response.headers.set("content-length", String(body.length));
  response.headers.set("connection", "close");
  const head = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  if (!socket.writable) return;
  socket.write(`HTTP/1.1 ${response.status} ${STATUS_CODES[response.status]}\r\n${head}\r\n`);
  socket.end(body);
}

/** Of what was read so far; a query could hold anything. */
function pathOf(packet: Buffer | undefined): string {
  return /^[A-Z]+ (\/[^\s?#]{0,200})/.exec(packet?.toString("latin1") ?? "")?.[1] ?? "/";
}

async function drain(server: Server, plainConnections: PlainConnections, milliseconds: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A kept-alive connection becomes idle when its answer is out: it must not hold up the stop.
  plainConnections.close();
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const giveUp = setTimeout(() => server.closeAllConnections(), milliseconds);
  await closed;
  clearInterval(sweep);
  clearTimeout(giveUp);
}
