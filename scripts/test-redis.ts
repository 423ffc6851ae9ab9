// `pnpm test:redis`: rate limits that are counted in a real Redis, which is lost, returns and restarts empty.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { findProgram } from "./find-program.ts";

const root = join(import.meta.dirname, "..");

if (findProgram("redis-server") === null) {
  console.error("These tests need redis-server: install the package redis-server (apt-get install redis-server).");
  process.exitCode = 1;
} else {
  const vitest = spawn(
    join(root, "node_modules/.bin/vitest"),
    ["run", "--project", "redis", ...process.argv.slice(2)],
    { cwd: root, stdio: "inherit" },
  );
  vitest.once("close", (code) => (process.exitCode = code ?? 1));
}
