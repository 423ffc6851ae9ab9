// Prisma's client and the Pothos types, from prisma/schema. Not committed: every start makes them when the schema has
// changed.
import { execFileSync } from "node:child_process";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname, "..");

export function generatePrisma(): void {
  execFileSync(join(root, "node_modules/.bin/prisma"), ["generate"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      // The generator of the Pothos types is a dependency of the server, not of the root.
      PATH: [join(root, "apps/server/node_modules/.bin"), process.env.PATH].join(delimiter),
      // `generate` asks for a schema engine it never runs, and would download one: any executable satisfies it.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
    },
  });
}

if (import.meta.main) generatePrisma();
