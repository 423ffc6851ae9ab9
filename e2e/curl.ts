// What the documentation asks of curl, for machines without one: the tests need Node and npm only.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: "boolean", short: "s" },
    "show-error": { type: "boolean", short: "S" },
    header: { type: "string", short: "H", multiple: true, default: [] },
    data: { type: "string", short: "d" },
    request: { type: "string", short: "X" },
    cookie: { type: "string", short: "b" },
    "cookie-jar": { type: "string", short: "c" },
    output: { type: "string", short: "o" },
    "dump-header": { type: "string", short: "D" },
    "write-out": { type: "string", short: "w" },
  },
});

const headers = new Headers(values.header.map((line): [string, string] => [beforeColon(line), afterColon(line)]));
if (values.cookie !== undefined && existsSync(values.cookie))
  headers.set("cookie", readFileSync(values.cookie, "utf8"));
const response = await fetch(positionals[0] ?? "", {
  method: values.request ?? (values.data === undefined ? "GET" : "POST"),
  headers,
  redirect: "manual",
  ...(values.data === undefined ? {} : { body: values.data }),
});
const body = Buffer.from(await response.arrayBuffer());

if (values["cookie-jar"] !== undefined) {
  const pairs = response.headers.getSetCookie().map((line) => line.split(";")[0]);
  writeFileSync(values["cookie-jar"], pairs.join("; "));
}
if (values["dump-header"] === "-") {
  const lines = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`);
  process.stdout.write(`HTTP/1.1 ${response.status}\r\n${lines.join("")}\r\n`);
}
if (values.output === undefined) process.stdout.write(body);
else writeFileSync(values.output, body);
const writeOut = (values["write-out"] ?? "").replaceAll(String.raw`\n`, "\n");
process.stdout.write(writeOut.replaceAll("%{http_code}", String(response.status)));

function beforeColon(line: string): string {
  return line.slice(0, line.indexOf(":"));
}

function afterColon(line: string): string {
  return line.slice(line.indexOf(":") + 1).trim();
}
