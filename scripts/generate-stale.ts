import { execFileSync } from "node:child_process";
import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import { generatePrisma } from "./generate-prisma.ts";

const root = join(import.meta.dirname, "..");

interface Generation {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly generate: () => void | Promise<void>;
}

const GENERATIONS: readonly Generation[] = [
  {
    from: ["prisma/schema/*.prisma", "scripts/generate-prisma.ts", "package.json", "pnpm-workspace.yaml"],
    to: ["apps/server/src/generated/prisma/client.ts", "apps/server/src/generated/pothos-types.ts"],
    generate: generatePrisma,
  },
  {
    from: ["apps/admin/src/**/*.graphql", "apps/server/schema.graphql", "apps/admin/codegen.ts", "pnpm-workspace.yaml"],
    to: ["apps/admin/src/generated/graphql.ts", "apps/admin/src/generated/possible-types.ts"],
    // Loaded when it is needed: the generator takes half a second to load.
    generate: async () => (await import("../apps/admin/codegen.ts")).generateDocuments(),
  },
];

const PAGE: Generation = {
  from: ["apps/admin/{src,index.html,*.ts}", "apps/admin/src/**/*", "packages/types/src/**/*.ts", "pnpm-lock.yaml"],
  to: ["apps/admin/dist/index.html"],
  // In a process of its own: the bundler's memory must not stay with the server.
  generate: () =>
    void execFileSync(process.execPath, ["apps/admin/build.ts"], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
    }),
};

/** Builds the page unless the one in dist/ is newer than everything it is made from. */
export async function buildStalePage(): Promise<void> {
  if (isStale(PAGE.from, PAGE.to)) await PAGE.generate();
}

/** Generates what is missing or older than what it is made from: on a fresh checkout, all of it. */
export async function generateStale(): Promise<void> {
  for (const { from, to, generate } of GENERATIONS) {
    if (isStale(from, to)) await generate();
  }
}

function isStale(from: readonly string[], to: readonly string[]): boolean {
  const made = to.map(modifiedAt);
  const newest = Math.max(...globSync([...from], { cwd: root }).map(modifiedAt));
  return Math.min(...made) < newest;
}

/** Milliseconds; 0 if there is no such file. */
function modifiedAt(path: string): number {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
