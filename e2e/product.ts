import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { chmod, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { findFreePort } from "../apps/server/src/platform/database/postgres-process.ts";
import { killPostgres } from "./postgres-processes.ts";

const ROOT = join(import.meta.dirname, "..");
const START_PATIENCE_MS = 60_000;
/** What the contract gives a stop. */
const STOP_LIMIT_MS = 10_000;

/** Every setting unset, so that neither the developer's environment nor a `.env` decides what is tested. */
const NO_SETTINGS: Readonly<Record<string, string>> = Object.fromEntries(
  [...readFileSync(join(ROOT, ".env.example"), "utf8").matchAll(/^#? ?([A-Z_]+)=/gm)].map(([, name]) => [name, ""]),
);

export interface LaunchOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A new folder unless told. */
  readonly dataDir?: string;
  /** A free one unless told. */
  readonly port?: number;
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** `node scripts/start.ts` in a process of its own, whatever becomes of it. */
export interface Launched {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly pid: number;
  /** What it wrote to its standard output and error so far. */
  readonly output: () => string;
  readonly exit: Promise<Exit>;
}

/** One that serves. */
export interface Product extends Launched {
  /** The key that this start printed; empty without the demo. */
  readonly printedKey: string;
  /** SIGTERM; throws unless it ends with 0 within 10 s. */
  readonly stop: () => Promise<void>;
  /** SIGKILL for the server alone: PostgreSQL stays behind. */
  readonly kill: () => Promise<void>;
}

const running = new Map<ChildProcess, Launched>();
const folders = new Set<string>();

/** Starts the server and returns at once. */
export async function launch(options: LaunchOptions = {}): Promise<Launched> {
  const port = options.port ?? (await findFreePort());
  const dataDir = options.dataDir ?? (await newDataDir());
  const child = spawn(process.execPath, [join(ROOT, "scripts/start.ts")], {
    env: { ...environment({ port, dataDir }), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const exit = once(child, "close").then(([code, signal]: unknown[]): Exit => {
    running.delete(child);
    return { code: code as Exit["code"], signal: signal as Exit["signal"] };
  });
  if (child.pid === undefined) throw new Error("The server could not be started.");
  const launched = { url: `http://localhost:${port}`, port, dataDir, pid: child.pid, output: () => output, exit };
  running.set(child, launched);
  return launched;
}

/** Runs one of the commands in scripts/ beside a server, and returns what it printed. */
export async function runCommand(beside: Launched, script: string, ...args: string[]): Promise<string> {
  const command = [join(ROOT, "scripts", script), ...args];
  const { stdout } = await promisify(execFile)(process.execPath, command, { env: environment(beside) });
  return stdout;
}

function environment({ port, dataDir }: Pick<Launched, "port" | "dataDir">): NodeJS.ProcessEnv {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, ...NO_SETTINGS, PORT: String(port), DATA_DIR: dataDir };
}

/** Starts the server and waits until it is ready and has said so. */
export async function startProduct(options: LaunchOptions = {}): Promise<Product> {
  const launched = await launch(options);
  await whenServing(launched);
  return {
    ...launched,
    printedKey: /x-api-key: (\S+)'/.exec(launched.output())?.[1] ?? "",
    stop: () => stop(launched),
    async kill() {
      process.kill(launched.pid, "SIGKILL");
      await launched.exit;
    },
  };
}

/** Resolves when it has greeted the operator and /readyz is 200. */
export async function whenServing(launched: Launched): Promise<void> {
  let ended: Exit | null = null;
  void launched.exit.then((exit) => (ended = exit));
  const until = Date.now() + START_PATIENCE_MS;
  while (!launched.output().includes("Latchkey is running") || (await statusOf(`${launched.url}/readyz`)) !== 200) {
    if (ended !== null) throw new Error(`The server ended with ${JSON.stringify(ended)}:\n${launched.output()}`);
    if (Date.now() > until) throw new Error(`The server did not become ready:\n${launched.output()}`);
    await sleep(25);
  }
}

/** The status of a GET; null while nobody answers. */
export async function statusOf(url: string): Promise<number | null> {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}

async function stop({ pid, exit, output }: Launched): Promise<void> {
  const startedAt = performance.now();
  process.kill(pid, "SIGTERM");
  const { code, signal } = await exit;
  const milliseconds = performance.now() - startedAt;
  if (code !== 0) throw new Error(`The stop ended with ${code ?? signal}:\n${output()}`);
  if (milliseconds > STOP_LIMIT_MS) throw new Error(`The stop took ${Math.round(milliseconds)} ms:\n${output()}`);
}

/** A folder for a DATA_DIR, optionally as a copy of one whose server has stopped; it goes with `endProducts`. */
export async function newDataDir(copyOf?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-e2e-"));
  folders.add(folder);
  if (copyOf !== undefined) await cp(copyOf, folder, { recursive: true });
  await chmod(folder, 0o700);
  return folder;
}

/** Ends everything this file has started, whatever state it is in, and removes its folders. For afterEach or afterAll. */
export async function endProducts(): Promise<void> {
  await Promise.all(
    [...running].map(async ([child, { exit }]) => {
      child.kill("SIGCONT");
      child.kill("SIGTERM");
      await Promise.race([exit, sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
      child.kill("SIGKILL");
      await exit;
    }),
  );
  for (const folder of folders) {
    await killPostgres(folder);
    await rm(folder, { recursive: true, force: true });
  }
  folders.clear();
}

// A run that is broken off must not leave servers behind either.
process.once("exit", () => {
  for (const child of running.keys()) child.kill("SIGTERM");
});
