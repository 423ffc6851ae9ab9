// `pnpm test:gateways`: the configurations of docs/gateways.md in real gateways, in front of the started product;
// and the product behind a real connection pooler.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { findProgram } from "./find-program.ts";

const root = join(import.meta.dirname, "..");

const missing = ["nginx", "pgbouncer"].filter((program) => findProgram(program) === null);
if (missing.length > 0) {
  const packages = missing.join(" ");
  console.error(`These tests need ${missing.join(" and ")}: install them (apt-get install ${packages}).`);
  process.exitCode = 1;
} else {
  if (findProgram("caddy") === null) console.log("No Caddy is installed: its configuration is not tested here.");
  const vitest = spawn(
    join(root, "node_modules/.bin/vitest"),
    ["run", "--project", "gateways", ...process.argv.slice(2)],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
  vitest.once("close", (code) => (process.exitCode = code ?? 1));
}
