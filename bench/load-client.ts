// One process that keeps connections busy: each sends a request, waits for the whole answer, and sends the next one. What
// it does is told as JSON on the standard input (LoadOrder), what came of it is printed as JSON (LoadReport). It costs about
// as much CPU as wrk does, a tenth of a load generator with a client of HTTP: on a machine that it shares with the server,
// the load would otherwise be what is measured.
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import type { LoadOrder, LoadReport } from "./load.ts";

const { port, host, requests, connections, seconds } = JSON.parse(await text(process.stdin)) as LoadOrder;
const statuses: Record<string, number> = {};
const milliseconds: number[] = [];
let errors = 0;
let open = connections;
let next = 0;

const startedAt = performance.now();
const until = startedAt + seconds * 1_000;

/** Bytes of the whole answer that begins this text; null: not all of it is here. Its letters are its bytes. */
function lengthOfAnswer(answer: string): number | null {
  const head = answer.indexOf("\r\n\r\n");
  if (head === -1) return null;
  const start = head + 4;
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(answer.slice(0, start)) ?? [];
  if (length !== undefined) return answer.length >= start + Number(length) ? start + Number(length) : null;
  if (!/\r\ntransfer-encoding: *chunked/i.test(answer.slice(0, start))) return start;
  const end = answer.indexOf("\r\n0\r\n\r\n", head + 2);
  return end === -1 ? null : end + 7;
}

function run(): void {
  const socket = connect({ port, host, noDelay: true });
  let received = "";
  let sentAt = 0;
  const send = () => {
    sentAt = performance.now();
    if (sentAt >= until) return void socket.destroy();
    const request = requests[next++ % requests.length] ?? "";
    socket.write(request);
  };
  socket.setEncoding("latin1");
  socket.on("connect", send);
  socket.on("data", (part: string) => {
    received = received === "" ? part : received + part;
    const length = lengthOfAnswer(received);
    if (length === null) return;
    milliseconds.push(performance.now() - sentAt);
    const status = received.slice(9, 12);
    statuses[status] = (statuses[status] ?? 0) + 1;
    received = "";
    send();
  });
  socket.on("error", () => (errors += 1));
  socket.on("close", () => {
    // A server may end a connection between two requests; nothing of it is counted.
    if (performance.now() < until) return run();
    open -= 1;
    if (open > 0) return;
    milliseconds.sort((one, other) => one - other);
    const at = (share: number) => milliseconds[Math.floor(milliseconds.length * share)] ?? 0;
    const perSecond = milliseconds.length / ((performance.now() - startedAt) / 1_000);
    const report: LoadReport = { perSecond, p50: at(0.5), p99: at(0.99), statuses, errors };
    console.log(JSON.stringify(report));
  });
}

for (let opened = 0; opened < connections; opened += 1) run();
