import { createServer, type IncomingMessage } from "node:http";
import { Duplex } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPlainRequest } from "./plain-request.ts";

interface Read {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: object;
  readonly body: string;
}

/** All requests that node:http reads from these bytes; null: it refused some of them. */
function readByNode(bytes: Buffer): Promise<Read[] | null> {
  return new Promise((resolve) => {
    const requests: Read[] = [];
    const server = createServer((request: IncomingMessage, response) => {
      let body = "";
      request.setEncoding("latin1").on("data", (part: string) => (body += part));
      request.on("end", () => {
        const { method, url, headers } = request;
        requests.push({ method, url, headers: { ...headers }, body });
        response.end();
      });
    });
    server.on("clientError", () => resolve(null));
    const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
    socket.on("error", () => undefined);
    server.emit("connection", socket);
    socket.push(bytes);
    socket.push(null);
    socket.on("finish", () => setImmediate(() => resolve(requests)));
  });
}

/** Mostly the first, so that many a request is plain. */
const mostly = (usual: string, ...others: string[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

const aMethod = mostly("GET", "POST", "HEAD", "get", "GET ");
const aUrl = mostly("/api/v1/auth/me", "/api/v1/verify?permission=a:b", "/", "*", "//x", "/a b", "/%0d", "/\u00e4");
const aVersion = mostly("HTTP/1.1", "HTTP/1.0", "HTTP/2", "http/1.1");
const aName = fc.constantFrom(
  "x-api-key",
  "X-Api-Key",
  "accept",
  "user-agent",
  "x_y",
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "expect",
  "upgrade",
  "te",
  "trailer",
  "set-cookie",
  "x y",
  "",
  "x-forwarded-for",
  "__proto__",
  "cookie",
);
const aValue = fc.oneof(
  fc.constantFrom(
    "lk_abc",
    "",
    " ",
    "\t a \t b ",
    "keep-alive",
    "Keep-Alive",
    "close",
    "0",
    "3",
    "chunked",
    "a\u0000b",
    "a\rb",
    "a\nb",
    "\u00ff",
    "a, b",
  ),
  fc.string({ unit: "binary-ascii", maxLength: 12 }),
);
const aBreak = mostly("\r\n", "\n", "\r", "\r\n ", "\r\n\r\n");
const aHeader = fc
  .tuple(aName, fc.constantFrom(":", ": ", ":\t", " :", ""), aValue, aBreak)
  .map((parts) => parts.join(""));
const plainHeader = fc
  .tuple(
    fc.constantFrom("x-api-key", "Accept", "user-agent", "x-forwarded-for", "__proto__"),
    fc.string({ unit: "grapheme-ascii", maxLength: 9 }),
  )
  .map(([name, value]) => `${name}: ${value}\r\n`);
const aRequest = fc
  .tuple(
    aMethod,
    aUrl,
    aVersion,
    fc.array(fc.oneof({ weight: 5, arbitrary: plainHeader }, { weight: 1, arbitrary: aHeader }), { maxLength: 4 }),
    mostly("Host: localhost\r\n", "host:x\r\n", ""),
    mostly("\r\n", "", "\n", "\r\nabc", "\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n"),
  )
  .map(
    ([method, url, version, headers, host, end]) => `${method} ${url} ${version}\r\n${headers.join("")}${host}${end}`,
  );

describe("what is read as a plain request", () => {
  test("is exactly one request for node:http as well, and the same one, whatever bytes came", async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(aRequest, async (text) => {
        const bytes = Buffer.from(text, "latin1");
        const request = readPlainRequest(bytes);
        if (request === null) return;
        taken += 1;
        const { method, url, headers } = request;
        expect(await readByNode(bytes)).toEqual([{ method, url, headers: { ...headers }, body: "" }]);
      }),
      { numRuns: 3_000 },
    );
    // Otherwise it would say nothing.
    expect(taken).toBeGreaterThan(200);
  });

  const plain = "GET /api/v1/auth/me HTTP/1.1\r\nHost: localhost\r\nX-Api-Key:  lk_abc \r\n\r\n";

  test("is what programs send", () => {
    expect(readPlainRequest(Buffer.from(plain))).toEqual({
      method: "GET",
      url: "/api/v1/auth/me",
      headers: { host: "localhost", "x-api-key": "lk_abc" },
    });
  });

  const others: [string, string][] = [
    ["half a request", plain.slice(0, -2)],
    ["two requests", plain + plain],
    ["a request and a half", `${plain}G`],
    ["a body", plain.replace("\r\n\r\n", "\r\ncontent-length: 1\r\n\r\nx")],
    ["a body in chunks", plain.replace("\r\n\r\n", "\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n")],
    ["a key twice", plain.replace("\r\n\r\n", "\r\nx-api-key: lk_abc\r\n\r\n")],
    ["no host", plain.replace("Host", "Most")],
    ["a connection that shall end", plain.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n")],
    ["a continued header", plain.replace("lk_abc", "lk_abc\r\n more")],
    ["bare line feeds", plain.replaceAll("\r\n", "\n")],
    ["another method", plain.replace("GET", "POST")],
    ["an absolute address", plain.replace("/api", "http://localhost/api")],
    ["letters outside ASCII", plain.replace("lk_abc", "lk_\u00e4")],
    ["more than 4 KiB", plain.replace("lk_abc", "x".repeat(4_096))],
  ];
  test.each(others)("is not %s", (_name, text) => {
    expect(readPlainRequest(Buffer.from(text, "latin1"))).toBeNull();
  });
});
