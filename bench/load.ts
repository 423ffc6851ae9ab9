import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { median } from "./statistics.ts";

export interface Target {
  readonly name: string;
  readonly url: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Sent one after the other, over and over, by each connection: a key for each call. */
  readonly inTurn?: readonly Readonly<Record<string, string>>[];
  /** What counts as answered; every other answer ends the measurement. */
  readonly expected?: readonly number[];
}

export interface Load {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** What a client is told to do. */
export interface LoadOrder {
  readonly host: string;
  readonly port: number;
  /** Whole requests as they are sent, in turn. */
  readonly requests: readonly string[];
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadReport extends Load {
  /** How many answers there were of each status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly errors: number;
}

interface Rounds {
  readonly connections?: number;
  readonly rounds?: number;
  readonly seconds?: number;
}

/**
 * Puts each target under load in turn, again and again: what disturbs the machine for a while disturbs all of them. The
 * first round only warms up; of the others each figure is the median.
 */
export async function alternate<Name extends string>(
  targets: readonly (Target & { readonly name: Name })[],
  { connections = 32, rounds = 3, seconds = 3 }: Rounds = {},
): Promise<Record<Name, Load>> {
  const results = new Map<Name, LoadReport[]>(targets.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    for (const target of targets) {
      const result = await load(target, connections, round < 0 ? 1 : seconds);
      if (round >= 0) results.get(target.name)?.push(result);
    }
  }
  const loads = [...results].map(([name, measured]) => [name, summaryOf(measured)] as const);
  return Object.fromEntries(loads) as Record<Name, Load>;
}

const CLIENT = join(import.meta.dirname, "load-client.ts");

async function load(target: Target, connections: number, seconds: number): Promise<LoadReport> {
  const { name, url, expected = [200] } = target;
  const { hostname: host, port } = new URL(url);
  const order: LoadOrder = { host, port: Number(port), requests: requestsOf(target), connections, seconds };
  const running = promisify(execFile)(process.execPath, [CLIENT]);
  running.child.stdin?.end(JSON.stringify(order));
  const { stdout } = await running;
  const report = JSON.parse(stdout) as LoadReport;
  const statuses = Object.keys(report.statuses);
  if (report.errors > 0 || statuses.length === 0 || statuses.some((status) => !expected.includes(Number(status))))
    throw new Error(`${name}: ${report.errors} errors, answers ${JSON.stringify(report.statuses)}`);
  return report;
}

function requestsOf({ url, method = "GET", headers = {}, body, inTurn = [{}] }: Target): string[] {
  const { host, pathname, search } = new URL(url);
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return inTurn.map((own) => {
    const lines = Object.entries({ host, ...headers, ...length, ...own }).map(([key, value]) => `${key}: ${value}\r\n`);
    return `${method} ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n${body ?? ""}`;
  });
}

function summaryOf(results: readonly LoadReport[]): Load {
  return {
    perSecond: median(results.map(({ perSecond }) => perSecond)),
    p50: median(results.map(({ p50 }) => p50)),
    p99: median(results.map(({ p99 }) => p99)),
  };
}
