import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { buildSchema, parse, validate } from "graphql";
import { describe, expect, test } from "vitest";
import { BLOCK_KINDS, codeBlocksOf, isKind, PAGES, readPage } from "./code-blocks.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const run = promisify(execFile);
const readRoot = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const BLOCKS = PAGES.flatMap(codeBlocksOf);
const blocksOf = (kind: (typeof BLOCK_KINDS)[number]) => BLOCKS.filter((block) => isKind(block, kind));

test("every block of the documentation says what it is, so that none goes untested", () => {
  expect(BLOCKS.length).toBeGreaterThan(20);
  const unknown = BLOCKS.filter(({ kind }) => !(BLOCK_KINDS as readonly string[]).includes(kind));
  expect(unknown.map(({ place, kind }) => `${place} ${kind}`)).toEqual([]);
});

test("only the commands that install and start it are not run here", () => {
  const commands = blocksOf("bash no-run").map(({ text }) => text);
  expect(commands).toEqual(["npx -y pnpm@12 start", "npx -y pnpm@12 test"]);
});

test.each(blocksOf("graphql"))("$place fits the schema", ({ text }) => {
  const schema = buildSchema(readRoot("apps/server/schema.graphql"));
  expect(validate(schema, parse(text))).toEqual([]);
});

test.each(blocksOf("json"))("$place is JSON", ({ text }) => {
  expect(() => JSON.parse(text) as unknown).not.toThrow(/./);
});

test.each([
  ["nginx", "nginx.conf"],
  ["yaml", "traefik.yml"],
  ["caddyfile", "Caddyfile"],
] as const)("the %s block of docs/gateways.md is examples/gateways/%s", (kind, file) => {
  expect(blocksOf(kind).map(({ text }) => `${text}\n`)).toEqual([readRoot(`examples/gateways/${file}`)]);
});

test("the TypeScript of the documentation is correct as it stands", async () => {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-docs-"));
  try {
    await symlink(join(ROOT, "apps/admin/node_modules"), join(folder, "node_modules"));
    for (const [index, { text }] of blocksOf("ts").entries()) await writeFile(join(folder, `block-${index}.ts`), text);
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(TSCONFIG));
    const outcome = await run(join(ROOT, "node_modules/.bin/tsc"), ["-p", folder]).catch((error: unknown) => error);
    expect((outcome as { stdout: string }).stdout).toBe("");
  } finally {
    await rm(folder, { recursive: true });
  }
});

const TSCONFIG = {
  compilerOptions: {
    target: "es2024",
    lib: ["es2024", "dom"],
    module: "preserve",
    moduleResolution: "bundler",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  },
  include: ["*.ts"],
};

describe("tables that list what the code has", () => {
  test("the settings of docs/operating.md are those of .env.example, with their defaults", () => {
    // What is set together shares a row.
    const rows = readPage("docs/operating.md").matchAll(/^\| ((?:`[A-Z_]+`(?:, )?)+) \| (?:`([^`]*)`|none) \|/gm);
    const documented = [...rows].flatMap(([, names = "", value = ""]) =>
      [...names.matchAll(/[A-Z_]+/g)].map(([name]) => [name, value]),
    );
    const settings = readRoot(".env.example").matchAll(/^# ?([A-Z_]+)=(.*)$/gm);
    expect(documented).toEqual([...settings].map(([, name, value]) => [name, value]));
  });

  test("the commands of the README are the scripts of the root, one line each", () => {
    const documented = [...readPage("README.md").matchAll(/^\| `pnpm ([\w:-]+)` \|/gm)].map(([, name]) => name);
    const { scripts } = JSON.parse(readRoot("package.json")) as { scripts: Record<string, string> };
    expect(documented).toEqual(Object.keys(scripts));
  });
});

test.each([...PAGES, "CONTRIBUTING.md", "SECURITY.md"])("every link of %s leads to a file and heading", (page) => {
  const dead = [...readPage(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^https?:/.test(target) && !isThere(page, target));
  expect(dead).toEqual([]);
});

function isThere(page: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, file))) return false;
  return anchor === undefined || anchorsOf(readPage(file)).includes(anchor);
}

/** As GitHub makes them. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test("every file that docs/architecture.md names is there", () => {
  const named = [...readPage("docs/architecture.md").matchAll(/`([\w./-]+\.ts)`/g)].map(([, path = ""]) => path);
  const folders = [
    "apps/server/src",
    "apps/server/src/modules/api-keys",
    "apps/server/src/modules/api-keys/verification",
    "apps/server/src/modules/activity",
    "apps/server/src/platform/coherence",
  ];
  const missing = named.filter(
    (path) => !path.startsWith(".") && !folders.some((folder) => existsSync(join(ROOT, folder, path))),
  );
  expect(missing).toEqual([]);
});
