import { once } from "node:events";
import { createServer, request as startRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { answer } from "../../examples/campaigns-service/campaigns.ts";

type HeaderLine = readonly [name: string, value: string];

export interface GuardedService {
  readonly port: number;
  /** The headers of every call that reached it, as they were sent. */
  readonly calls: HeaderLine[][];
  readonly close: () => Promise<void>;
}

/** The example service, and what reaches it. */
export async function startGuardedService(): Promise<GuardedService> {
  const calls: HeaderLine[][] = [];
  const server = createServer((request, response) => {
    calls.push(inPairs(request.rawHeaders));
    answer(request, response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Shapes differ from answer to answer; each test reads what it asked for.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

interface Call {
  readonly method?: string;
  readonly path: string;
  /** Sent as they stand here, repeated ones too. */
  readonly headers?: readonly HeaderLine[];
  readonly body?: string;
}

/** A call from 127.0.0.2, with a path and headers that no URL parser has tidied up. */
export async function call(port: number, { method = "GET", path, headers = [], body }: Call): Promise<Received> {
  const request = startRequest({
    host: "127.0.0.1",
    localAddress: CALLER,
    port,
    method,
    path,
    headers: [...headers, ["Host", "api.example"], ...length(body)].flat(),
    setHost: false,
    agent: false,
  });
  request.end(body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const text = Buffer.concat(await response.toArray()).toString();
  const isJson = /json/.test(response.headers["content-type"] ?? "");
  return {
    status: response.statusCode ?? 0,
    headers: new Headers(inPairs(response.rawHeaders).map(([name, value]): [string, string] => [name, value])),
    text,
    body: isJson ? JSON.parse(text) : null,
  };
}

export const CALLER = "127.0.0.2";

const length = (body: string | undefined): HeaderLine[] =>
  body === undefined ? [] : [["Content-Length", String(Buffer.byteLength(body))]];

function inPairs(raw: readonly string[]): HeaderLine[] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ""] as const] : []));
}
