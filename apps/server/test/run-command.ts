import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

/** Every setting unset, so that no `.env` of a developer decides what is tested. */
const NO_SETTINGS: Readonly<Record<string, string>> = Object.fromEntries(
  [...readFileSync(join(ROOT, ".env.example"), "utf8").matchAll(/^# ?([A-Z_]+)=/gm)].map(([, name]) => [name, ""]),
);

export interface CommandOutcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the root's commands as an operator does, with these settings and no others. */
export function runCommand(
  script: string,
  args: readonly string[],
  settings: Record<string, string>,
): Promise<CommandOutcome> {
  const { PATH = "", HOME = "", NODE_COMPILE_CACHE = "" } = process.env;
  const child = spawn(process.execPath, [join(ROOT, "scripts", script), ...args], {
    env: { PATH, HOME, NODE_COMPILE_CACHE, ...NO_SETTINGS, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr: stderr.trim() }));
  });
}
