import autocannon from "autocannon";
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
  const results = new Map<Name, autocannon.Result[]>(targets.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    for (const target of targets) {
      const result = await load(target, connections, round < 0 ? 1 : seconds);
      if (round >= 0) results.get(target.name)?.push(result);
    }
  }
  const loads = [...results].map(([name, measured]) => [name, summaryOf(measured)] as const);
  return Object.fromEntries(loads) as Record<Name, Load>;
}

async function load(target: Target, connections: number, seconds: number): Promise<autocannon.Result> {
  const { name, url, method = "GET", headers = {}, body, inTurn, expected = [200] } = target;
  const result = await autocannon({
    url,
    method,
    connections,
    duration: seconds,
    headers: { ...headers },
    ...(body === undefined ? {} : { body }),
    ...(inTurn === undefined ? {} : { requests: inTurn.map((own) => ({ headers: { ...headers, ...own } })) }),
  });
  const statuses = Object.keys(result.statusCodeStats ?? {});
  if (result.errors > 0 || statuses.some((status) => !expected.includes(Number(status))))
    throw new Error(`${name}: ${result.errors} errors, answers ${JSON.stringify(result.statusCodeStats)}`);
  return result;
}

function summaryOf(results: readonly autocannon.Result[]): Load {
  return {
    perSecond: median(results.map(({ requests }) => requests.average)),
    p50: median(results.map(({ latency }) => latency.p50)),
    p99: median(results.map(({ latency }) => latency.p99)),
  };
}
