import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface Peer {
  /** The first line that it printed: what it has to say about itself. */
  readonly line: string;
  stop(): Promise<void>;
}

/** Starts one of the programs beside this file in a process of its own, and waits for its first line. */
export async function startPeer(file: string, ...args: string[]): Promise<Peer> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const exited = once(child, "exit");
  const line = await Promise.race([
    once(lines, "line").then(([text]) => String(text)),
    exited.then(([code]) => Promise.reject(new Error(`${file} ended with ${code} before it served.`))),
  ]);
  return {
    line,
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
