// The contracts that are printed from the code and committed, so that a review shows what changes for those who use
// them. A test compares them.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorsMarkdown } from "../apps/server/src/platform/errors-markdown.ts";
import { printedSchema } from "../apps/server/src/platform/graphql/printed-schema.ts";
import { printedOpenApi } from "../apps/server/src/platform/rest/printed-openapi.ts";

const root = join(import.meta.dirname, "..");

export const CONTRACTS: readonly { readonly path: string; readonly text: string }[] = [
  { path: "apps/server/schema.graphql", text: printedSchema },
  { path: "apps/server/openapi.json", text: printedOpenApi },
  { path: "docs/errors.md", text: errorsMarkdown() },
];

/** Null if there is none. */
export function committedContract(path: string): string | null {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Writes those that differ, and tells which: one that stays the same makes nothing stale that is made from it. */
export function writeContracts(): string[] {
  const changed = CONTRACTS.filter(({ path, text }) => committedContract(path) !== text);
  for (const { path, text } of changed) writeFileSync(join(root, path), text);
  return changed.map(({ path }) => path);
}
