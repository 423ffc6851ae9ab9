import type { IncomingHttpHeaders } from "node:http";

/** A request as it came over the wire, as far as the direct door looks at it: one of node:http is one as well. */
export interface ArrivedRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<IncomingHttpHeaders>;
}

/** What a program sends that asks for one thing: some hundred bytes. */
const MOST_BYTES = 4_096;

const REQUEST_LINE = /^GET (\/[\w\-./]*(?:\?[\w\-.:&=]*)?) HTTP\/1\.1\r\n/;
/** Name, and value without the blanks around it. Its parts share no character, so it takes one look at each. */
const HEADER = /([A-Za-z0-9-]+):[ \t]*((?:[!-~]+(?:[ \t]+[!-~]+)*)?)[ \t]*\r\n/y;

/** Each changes where a message ends, what becomes of its connection, or is more than a text: for the parser of node:http. */
const UNUSUAL = ["content-length", "transfer-encoding", "expect", "upgrade", "te", "trailer", "set-cookie"] as const;

/**
 * These bytes, if they are exactly one whole GET request without a body, with nothing in it that could be read in two
 * ways; otherwise null. It must be narrower than the parser of node:http, never wider: whatever this takes, that reads the same
 * (a test compares the two), so no proxy in front can be made to disagree with us about where a request ends.
 */
export function readPlainRequest(bytes: Buffer): ArrivedRequest | null {
  if (bytes.length > MOST_BYTES) return null;
  const text = bytes.toString("latin1");
  const line = REQUEST_LINE.exec(text);
  if (line === null) return null;

  const headers = Object.create(null) as Record<string, string>;
  const end = text.length - 2;
  let at = line[0].length;
  while (at < end) {
    HEADER.lastIndex = at;
    const header = HEADER.exec(text);
    if (header === null) return null;
    const [whole, name = "", value = ""] = header;
    const known = name.toLowerCase();
    // Twice the same is for the parser to join or to refuse.
    if (headers[known] !== undefined) return null;
    headers[known] = value;
    at += whole.length;
  }
  // The blank line, and nothing behind it: what follows could be a body or a second request.
  if (at !== end || text.charCodeAt(at) !== 13 || text.charCodeAt(at + 1) !== 10) return null;
  const { host, connection } = headers;
  if (host === undefined || (connection !== undefined && connection.toLowerCase() !== "keep-alive")) return null;
  return UNUSUAL.some((name) => headers[name] !== undefined) ? null : { method: "GET", url: line[1], headers };
}
