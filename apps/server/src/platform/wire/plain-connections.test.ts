import { createServer, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PlainAnswer } from "../plain-answer.ts";
import { answerPlainly, type PlainConnections } from "./plain-connections.ts";

// A server of node:http that says "node", behind connections that answer /plain by themselves.

let server: Server;
let connections: PlainConnections;
/** Of the requests to /plain that have no answer yet, in their order. */
let waiting: ((answer: PlainAnswer) => void)[];
let isHeld: boolean;
let sockets: Socket[];

const PLAIN: PlainAnswer = { status: 200, headers: { "x-by": "us" }, body: "plain \u00e4" };

beforeEach(async () => {
  waiting = [];
  sockets = [];
  isHeld = false;
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => response.end(`node ${request.url} ${body}`));
  });
  server.keepAliveTimeout = 300;
  connections = answerPlainly(server, ({ url }) => {
    if (url !== "/plain") return null;
    return isHeld ? new Promise((resolve) => void waiting.push(resolve)) : Promise.resolve(PLAIN);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface Client {
  readonly socket: Socket;
  send(text: string): void;
  /** The end of what came by the time it holds this. */
  until(part: string): Promise<string>;
  readonly ended: Promise<void>;
}

function client(): Client {
  const socket = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", allowHalfOpen: true });
  sockets.push(socket);
  socket.on("error", () => undefined);
  let text = "";
  socket.setEncoding("utf8").on("data", (part: string) => (text = (text + part).slice(-4_000)));
  return {
    socket,
    send: (part) => void socket.write(part),
    until: (part) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (text.includes(part)) resolve(text);
        };
        socket.on("data", look).on("close", () => reject(new Error(`It ended before "${part}" came: ${text}`)));
        look();
      }),
    ended: new Promise((resolve) => void socket.on("end", resolve).on("close", () => resolve())),
  };
}

const get = (path: string, ...headers: string[]) =>
  `${[`GET ${path} HTTP/1.1`, "host: localhost", ...headers].join("\r\n")}\r\n\r\n`;
const has = (condition: () => boolean) => expect.poll(condition).toBe(true);

describe("a plain request", () => {
  test("is answered with what was said, its length in bytes, a date, and how long the connection stays", async () => {
    const { send, until } = client();
    send(get("/plain"));
    const [head = "", body] = (await until("plain \u00e4")).split("\r\n\r\n");
    expect(body).toBe("plain \u00e4");
    expect(
      head.split("\r\n").map((line) => line.replace(/^date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/, "date")),
    ).toEqual([
      "HTTP/1.1 200 OK",
      "x-by: us",
      "date",
      "connection: keep-alive",
      "keep-alive: timeout=0",
      "content-length: 8",
    ]);
  });

  test("follows another on the same connection, and an answer without a body says so", async () => {
    isHeld = true;
    const { send, until } = client();
    send(get("/plain"));
    await has(() => waiting.length === 1);
    waiting[0]?.({ status: 204, headers: {}, body: null });
    expect(await until("\r\n\r\n")).not.toContain("content-length");
    send(get("/plain"));
    await has(() => waiting.length === 2);
    waiting[1]?.({ status: 429, headers: { cookie: "none" }, body: null, cookies: ["a=b"] });
    expect(await until("content-length: 0")).toContain(
      "HTTP/1.1 429 Too Many Requests\r\ncookie: none\r\nset-cookie: a=b",
    );
  });

  test("cannot be answered with a header that would end the headers", async () => {
    isHeld = true;
    const { send, until } = client();
    send(get("/plain"));
    await has(() => waiting.length === 1);
    waiting[0]?.({ status: 200, headers: { "x-name": "a\r\nx-evil: b" }, body: "end" });
    expect(await until("end")).toContain("x-name: a  x-evil: b\r\n");
  });
});

describe("anything else goes to node:http, with all that was sent", () => {
  test("another route, and what comes behind it", async () => {
    const { send, until } = client();
    send(get("/plain"));
    await until("plain");
    send(get("/other"));
    await until("node /other");
    send(get("/plain"));
    await until("node /plain");
  });

  test("a body", async () => {
    const { send, until } = client();
    send("POST /plain HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\n\r\nbo");
    send("dy");
    await until("node /plain body");
  });

  test("a request that comes in two parts", async () => {
    const { send, until, socket } = client();
    send(get("/plain").slice(0, 20));
    // The first part has to arrive by itself.
    await has(() => socket.bytesWritten === 20);
    await new Promise((resolve) => void setTimeout(resolve, 20));
    send(get("/plain").slice(20));
    await until("node /plain");
  });

  test("two requests at once, answered in their order", async () => {
    const { send, until } = client();
    send(get("/one") + get("/two"));
    expect(await until("node /two")).toMatch(/node \/one[^]*node \/two/);
  });

  test("a second request that comes before the first has its answer, and waits for it", async () => {
    isHeld = true;
    const { send, until } = client();
    send(get("/plain"));
    await has(() => waiting.length === 1);
    send(get("/second"));
    send(get("/third"));
    waiting[0]?.(PLAIN);
    expect(await until("node /third")).toMatch(/^HTTP[^]*plain \u00e4HTTP[^]*node \/second[^]*node \/third/);
  });

  test("what is no HTTP, which it refuses", async () => {
    const { send, until } = client();
    send("HELO\r\n\r\n");
    await until("400 Bad Request");
  });
});

describe("a connection ends", () => {
  test("when its client has nothing more to ask, after the answer", async () => {
    isHeld = true;
    const { send, until, socket, ended } = client();
    send(get("/plain"));
    socket.end();
    await has(() => waiting.length === 1);
    waiting[0]?.(PLAIN);
    expect(await until("plain")).toContain("connection: close");
    await ended;
  });

  test("when it was idle for too long, not while it is used", async () => {
    const { send, until, ended } = client();
    send(get("/plain"));
    await until("plain");
    await ended;
  });

  test("at a stop: idle ones at once, others with their answer", async () => {
    isHeld = true;
    const idle = client();
    const busy = client();
    busy.send(get("/plain"));
    await has(() => waiting.length === 1);
    connections.close();
    await idle.ended;
    waiting[0]?.(PLAIN);
    expect(await busy.until("plain")).toContain("connection: close");
    await busy.ended;
  });

  test("under its answer without harm to others", async () => {
    isHeld = true;
    const gone = client();
    gone.send(get("/plain"));
    await has(() => waiting.length === 1);
    gone.socket.resetAndDestroy();
    waiting[0]?.(PLAIN);
    isHeld = false;
    const other = client();
    other.send(get("/plain"));
    await other.until("plain");
  });
});

test("whoever does not read their answers is asked nothing more until they do", async () => {
  isHeld = true;
  const { send, socket, until } = client();
  const body = "x".repeat(20_000_000);
  socket.pause();
  send(get("/plain"));
  await has(() => waiting.length === 1);
  waiting[0]?.({ ...PLAIN, body });
  send(get("/plain"));
  // Time enough for a second question, if there were one.
  await new Promise((resolve) => void setTimeout(resolve, 50));
  expect(waiting).toHaveLength(1);
  socket.resume();
  await until("node /plain");
});
