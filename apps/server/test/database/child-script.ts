import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface ChildScript {
  process: ChildProcess;
  /** The first line it prints; null when it ends without one. */
  firstLine: Promise<string | null>;
  /** What it wrote to standard error and how it ended. */
  outcome: Promise<{ exitCode: number | null; stderr: string }>;
}

/** Runs a script of ours in a process of its own, to be killed. */
export function startScript(path: string, ...args: string[]): ChildScript {
  const child = spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const lines = createInterface({ input: child.stdout });
  return {
    process: child,
    firstLine: Promise.race([
      once(lines, "line").then(([line]) => String(line)),
      once(lines, "close").then(() => null),
    ]),
    outcome: once(child, "close").then(([exitCode]) => ({
      exitCode: exitCode as number | null,
      stderr: stderr.trim(),
    })),
  };
}
