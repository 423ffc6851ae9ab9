import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findFreePort } from "../../apps/server/src/platform/database/postgres-process.ts";
import { statusOf } from "../product.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples/gateways");
const PATIENCE_MS = 20_000;

/** Where the gateway finds Latchkey and the service; ports of this machine. */
export interface Behind {
  readonly latchkey: number;
  readonly service: number;
}

/** A real one, with the configuration that docs/gateways.md shows. */
export interface Gateway {
  readonly port: number;
  /** All that it has written: its own output, and every file in its folder. */
  readonly logs: () => string;
  readonly stop: () => Promise<void>;
}

export interface Kind {
  readonly name: string;
  readonly program: string;
  /** The file in examples/gateways, and what of it is for a whole machine: only addresses and folders. */
  readonly example: string;
  readonly forThisMachine: (folder: string, port: number) => readonly (readonly [string, string])[];
  readonly command: (folder: string) => readonly string[];
  /** What stands around the example, by file name. */
  readonly around: Readonly<Record<string, string>>;
}

export async function startGateway(kind: Kind, { latchkey, service }: Behind): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-gateway-"));
  const port = await findFreePort();
  mkdirSync(join(folder, "logs"));
  for (const [name, text] of Object.entries(kind.around)) writeFileSync(join(folder, name), text);
  const places = [
    ["127.0.0.1:3000", `127.0.0.1:${latchkey}`],
    ["127.0.0.1:4000", `127.0.0.1:${service}`],
    ...kind.forThisMachine(folder, port),
  ] as const;
  writeFileSync(join(folder, kind.example), replaceAll(readFileSync(join(EXAMPLES, kind.example), "utf8"), places));

  const child = spawn(kind.program, kind.command(folder), {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  let hasEnded = false;
  const ended = once(child, "close").then(() => (hasEnded = true));
  const until = Date.now() + PATIENCE_MS;
  while ((await statusOf(`http://127.0.0.1:${port}/`)) === null) {
    if (hasEnded || Date.now() > until) {
      child.kill("SIGKILL");
      const logs = textsIn(join(folder, "logs"));
      rmSync(folder, { recursive: true, force: true });
      throw new Error(`${kind.name} does not serve:\n${output}${logs}`);
    }
    await sleep(25);
  }
  return {
    port,
    logs: () => output + textsIn(join(folder, "logs")),
    async stop() {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function replaceAll(text: string, places: readonly (readonly [string, string])[]): string {
  return places.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`The example has no ${from}.`);
    return changed.replaceAll(from, to);
  }, text);
}

function textsIn(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("");
}
