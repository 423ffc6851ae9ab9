import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Row } from "./row.ts";

const RESULTS = join(import.meta.dirname, "results.md");
const TITLE = "# Measured";

/** In the order in which they stand. What a run does not measure keeps what was measured last. */
const SECTIONS = [
  "Measured in every run",
  "Measured by `pnpm bench more`",
  "Measured by hand: a hundred million calls",
] as const;
type Section = (typeof SECTIONS)[number];

export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ what, measured, wanted, passes }) => `| ${what} | ${wanted} | ${measured} | ${passes ? "pass" : "**fail**"} |`,
  );
  return ["| what | wanted | measured | |", "|---|---|---|---|", ...lines].join("\n");
}

/** Writes one section of results.md, and leaves the others as they are. */
export function writeSection(section: Section, text: string): void {
  const before = existsSync(RESULTS) ? readFileSync(RESULTS, "utf8") : "";
  const texts = new Map(
    before.split(/^## /m).map((part) => {
      const [name = "", ...lines] = part.split("\n");
      return [name, lines.join("\n").trim()];
    }),
  );
  texts.set(section, text);
  const written = SECTIONS.filter((name) => texts.has(name)).map((name) => `## ${name}\n\n${texts.get(name) ?? ""}`);
  writeFileSync(RESULTS, `${[TITLE, ...written].join("\n\n")}\n`);
}
