import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../../..");

/**
 * What a block of the documentation can be, and what a test does with it:
 *
 * - `bash`: is run against a started product. What follows it is its answer: `json` of the same shape, or `text`,
 *   which is its very output.
 * - `bash no-run`: is not, because another test does just that (the two commands that install and start).
 * - `nginx`, `yaml`, `caddyfile`: is a file in examples/gateways, to the letter. `pnpm test:gateways` runs those.
 * - `graphql`: is validated against the schema. `ts`: its types are checked. `json`: is parsed. `text`: nothing.
 */
export const BLOCK_KINDS = [
  "bash",
  "bash no-run",
  "caddyfile",
  "graphql",
  "json",
  "nginx",
  "text",
  "ts",
  "yaml",
] as const;
type BlockKind = (typeof BLOCK_KINDS)[number];

export interface CodeBlock {
  /** As written behind the fence; one that is no BlockKind fails a test. */
  readonly kind: string;
  readonly text: string;
  /** `README.md:12`, for the names of tests. */
  readonly place: string;
}

/** A `bash` block, and the block that shows its answer. */
export interface Command extends CodeBlock {
  readonly answer: CodeBlock | null;
}

/** The pages whose blocks are for readers to copy. */
export const PAGES: readonly string[] = ["README.md", ...globSync("docs/**/*.md", { cwd: ROOT }).toSorted()];

export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** The fenced blocks of a page, in order. */
export function codeBlocksOf(page: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { kind: string; line: number; lines: string[] } | null = null;
  for (const [index, line] of readPage(page).split("\n").entries()) {
    const fence = /^\s*```(.*)$/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === null) open = { kind: fence[1]?.trim() ?? "", line: index + 1, lines: [] };
    else {
      blocks.push({ kind: open.kind, text: open.lines.join("\n"), place: `${page}:${open.line}` });
      open = null;
    }
  }
  if (open !== null) throw new Error(`${page}:${open.line} opens a block that never ends.`);
  return blocks;
}

/** The blocks of a page that are run, each with its answer. */
export function commandsOf(page: string): Command[] {
  const blocks = codeBlocksOf(page);
  return blocks.flatMap((block, index) => {
    if (!isKind(block, "bash")) return [];
    const next = blocks[index + 1];
    const isAnswered = next !== undefined && (isKind(next, "json") || isKind(next, "text"));
    return [{ ...block, answer: isAnswered ? next : null }];
  });
}

export function isKind(block: CodeBlock, kind: BlockKind): boolean {
  return block.kind === kind;
}
