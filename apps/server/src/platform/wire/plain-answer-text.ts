import { STATUS_CODES } from "node:http";
import type { PlainAnswer } from "../plain-answer.ts";

/** What could end a header, or is no ASCII: a bug of ours, which leaves as a blank. */
const UNSAFE = /[^\t\x20-\x7e]/;
const ALL_UNSAFE = /[^\t\x20-\x7e]/g;

/** The bytes of an answer, as text in UTF-8. */
export function textOfAnswer(answer: PlainAnswer, connection: readonly string[]): string {
  const { status, headers, body, cookies = [] } = answer;
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Unknown"}\r\n`;
  const write = (name: string, value: string) => {
    text += `${name}: ${UNSAFE.test(value) ? value.replace(ALL_UNSAFE, " ") : value}\r\n`;
  };
  for (const name in headers) write(name, headers[name] ?? "");
  for (const cookie of cookies) write("set-cookie", cookie);
  for (const line of connection) text += `${line}\r\n`;
  if (status !== 204) text += `content-length: ${body === null ? 0 : Buffer.byteLength(body)}\r\n`;
  return `${text}\r\n${body ?? ""}`;
}
