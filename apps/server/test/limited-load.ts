import { setTimeout as sleep } from "node:timers/promises";
import { startScript, type ChildScript } from "./database/child-script.ts";
import { findFreePort } from "../src/platform/database/postgres-process.ts";

// Server processes of their own, and calls with one key over all of them, counted.

const SCRIPT = new URL("serve.ts", import.meta.url).pathname;

export interface ServerProcess {
  readonly address: string;
  readonly child: ChildScript;
  /** Ends it as a supervisor does. */
  stop(): Promise<void>;
}

export async function startProcess(settings: Record<string, string>): Promise<ServerProcess> {
  const port = String(await findFreePort());
  const child = startScript(
    SCRIPT,
    JSON.stringify({ PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}`, ...settings }),
  );
  const address = await child.firstLine;
  if (address === null) throw new Error((await child.outcome).stderr);
  return {
    address,
    child,
    async stop() {
      child.process.kill("SIGTERM");
      await child.outcome;
    },
  };
}

interface Answered {
  readonly status: number;
}

export async function callOnce(address: string, secret: string): Promise<Answered> {
  const response = await fetch(`${address}/api/v1/auth/me`, { headers: { "x-api-key": secret } });
  await response.arrayBuffer();
  return { status: response.status };
}

/** So that whatever else happens to the processes meanwhile is not kept waiting by the calls. */
const CALLERS = 6;
const PAUSE_MILLISECONDS = 5;

/** Calls with one key until it is ended, over all the addresses in turn. */
export class Load {
  readonly #startedAt = performance.now();
  readonly #counts = new Map<number, number>();
  readonly #callers: Promise<void>[];
  #isEnding = false;

  constructor(addresses: readonly string[], secret: string) {
    this.#callers = Array.from({ length: CALLERS }, async (_, caller) => {
      for (let call = caller; !this.#isEnding; call += 1) {
        const { status } = await callOnce(addresses[call % addresses.length] ?? "", secret);
        this.#counts.set(status, this.of(status) + 1);
        await sleep(PAUSE_MILLISECONDS);
      }
    });
  }

  /** How many calls were answered so. */
  of(status: number): number {
    return this.#counts.get(status) ?? 0;
  }

  async end(): Promise<{ readonly admitted: number; readonly seconds: number; readonly statuses: readonly number[] }> {
    this.#isEnding = true;
    await Promise.all(this.#callers);
    const seconds = (performance.now() - this.#startedAt) / 1_000;
    return { admitted: this.of(200), seconds, statuses: [...this.#counts.keys()].toSorted((a, b) => a - b) };
  }
}

/** So many calls, as fast as they go: each address has a few of them under way at once. */
export async function burst(addresses: readonly string[], secret: string, calls: number): Promise<Answered[]> {
  const answers: Answered[] = [];
  let begun = 0;
  const caller = async (index: number) => {
    while (begun < calls) {
      begun += 1;
      answers.push(await callOnce(addresses[index % addresses.length] ?? "", secret));
    }
  };
  await Promise.all(Array.from({ length: 16 * addresses.length }, (_, index) => caller(index)));
  return answers;
}

/** All that a key of so many calls a minute may have sent in any so many seconds (spec §6). */
export function mostOf(limit: number, seconds: number): number {
  return limit + Math.floor((limit * seconds) / 60);
}
