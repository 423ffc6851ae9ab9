import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { me } from "../../test/doors.ts";
import { rowCounts } from "../../test/row-counts.ts";
import { Story, type Team } from "../../test/story.ts";
import { startTestServer, type TestServer } from "../../test/test-server.ts";
import { listen, type HttpServer } from "./http-server.ts";

let server: TestServer;
let http: HttpServer;
let acme: Team;
let key: string;

beforeAll(async () => {
  server = await startTestServer();
  const story = new Story(server);
  acme = await story.team("Acme Ads");
  key = (await story.key(acme.owner)).secret;
  http = await listen(server.app, { ...server.config, host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await http.close(0);
  await server.close();
});

interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { code?: string; requestId?: string; instance?: string };
}

/** What the server answers to these bytes. */
function raw(...lines: readonly string[]): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(http.port, "127.0.0.1", () => socket.write(lines.join("\r\n")));
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    // It may hang up while more is being sent; what it said before that counts.
    socket.on("error", (error) => (chunks.length === 0 ? reject(error) : socket.destroy()));
    socket.on("close", () => {
      const [head = "", body = ""] = Buffer.concat(chunks).toString().split("\r\n\r\n");
      const [line = "", ...headers] = head.split("\r\n");
      const pairs = headers.map((header) => /^([^:]+): ?(.*)$/.exec(header)?.slice(1) as [string, string]);
      resolve({ status: Number(line.split(" ")[1]), headers: new Headers(pairs), body: JSON.parse(body || "{}") });
    });
  });
}

describe("what comes over a real connection and is no good request", () => {
  const host = () => `host: ${new URL(server.origin).host}`;
  const close = ["connection: close", "", ""];
  const post = (...headers: string[]) => [
    "POST /api/v1/api-keys HTTP/1.1",
    host(),
    `cookie: ${acme.owner.cookie}`,
    `origin: ${server.origin}`,
    "content-type: application/json",
    "connection: close",
    ...headers,
    "",
  ];
  const chunk = (text: string) => [text.length.toString(16), text];

  const bad: [string, () => string[], number, string][] = [
    [
      "two x-api-key headers",
      () => ["GET /api/v1/auth/me HTTP/1.1", host(), `x-api-key: ${key}`, `x-api-key: ${key}`, ...close],
      401,
      "key_malformed",
    ],
    [
      "a key of 10 kB",
      () => ["GET /api/v1/auth/me HTTP/1.1", host(), `x-api-key: ${"x".repeat(10_240)}`, ...close],
      401,
      "key_malformed",
    ],
    [
      "headers of 20 kB",
      () => ["GET /api/v1/auth/me?a=b HTTP/1.1", host(), `x-api-key: ${"x".repeat(20_480)}`, ...close],
      431,
      "header_too_large",
    ],
    [
      "a doubled slash before the path",
      () => ["GET //api/v1/auth/me HTTP/1.1", host(), `x-api-key: ${key}`, ...close],
      404,
      "not_found",
    ],
    [
      "a body that is too long, in chunks without a length",
      () => [...post("transfer-encoding: chunked"), ...chunk("x".repeat(70_000)), "0", "", ""],
      413,
      "too_large",
    ],
    ["a body that says it is too long", () => [...post("content-length: 70000"), "x".repeat(70_000)], 413, "too_large"],
    [
      "a chunked body that is no JSON",
      () => [...post("transfer-encoding: chunked"), ...chunk("{ nope"), "0", "", ""],
      400,
      "invalid_json",
    ],
    ["two lengths", () => [...post("content-length: 2", "content-length: 3"), "{}"], 400, "malformed_request"],
    [
      "a length and chunks",
      () => [...post("content-length: 2", "transfer-encoding: chunked"), "{}"],
      400,
      "malformed_request",
    ],
    [
      "a header with a line break inside",
      () => ["GET /api/v1/auth/me HTTP/1.1", host(), "x-api-key: lk_\u0000", ...close],
      400,
      "malformed_request",
    ],
    ["another protocol", () => ["HELO latchkey", "", ""], 400, "malformed_request"],
    ["TRACE", () => ["TRACE /api/v1/auth/me HTTP/1.1", host(), ...close], 405, "method_not_allowed"],
    [
      "a host that is not ours",
      () => ["GET /api/v1/auth/me HTTP/1.1", "host: evil.example", ...close],
      403,
      "origin_refused",
    ],
  ];
  test.each(bad)("%s", async (_what, lines, status, code) => {
    const before = await rowCounts(server);
    const answer = await raw(...lines());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.body.requestId).toBe(answer.headers.get("x-request-id"));
    expect(await rowCounts(server)).toEqual(before);
    expect((await me(server, key)).status).toBe(200);
  });
});
