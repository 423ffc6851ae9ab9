import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandsOf, PAGES, type CodeBlock, type Command } from "../apps/server/test/docs/code-blocks.ts";
import { newVisitor, useBrowser } from "./browser.ts";
import { endProducts, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

// Every command that the documentation shows, as a reader copies it: page by page in one shell, against a product that
// was started as the README says. Only the address and the printed key are put in place of those in the text.

const ROOT = join(import.meta.dirname, "..");
const ADDRESS = "http://localhost:3000";
const PRINTED_KEY = "lk_THE_PRINTED_KEY";
/** In place of a reader's pnpm: the root's script, which is `node scripts/…` in package.json. */
const PNPM = `pnpm() { node "${ROOT}/scripts/\${1//:/-}.ts" "\${@:2}"; }`;
const STAND_IN_FOR_CURL = `curl() { node "${ROOT}/e2e/curl.ts" "$@"; }`;
const HAS_CURL = spawnSync("curl", ["--version"]).status === 0;
const SEPARATOR = "---- the next block ----";

useBrowser();

let product: Product;
let folder: string;
beforeAll(async () => {
  product = await startSeededProduct({ env: { TRUSTED_ORIGINS: "http://localhost:5173" } });
  folder = await mkdtemp(join(tmpdir(), "latchkey-docs-"));
});
afterAll(async () => {
  await endProducts();
  await rm(folder, { recursive: true });
});

function substitute(text: string): string {
  return text.replaceAll(ADDRESS, product.url).replaceAll(PRINTED_KEY, product.printedKey);
}

/** Runs the commands in one shell, which ends at the first that fails, and returns what each printed. */
function runAll(
  commands: readonly Command[],
  hasCurl = HAS_CURL,
): Promise<{ outputs: string[]; failure: string | null }> {
  const replaced = hasCurl ? PNPM : `${PNPM}\n${STAND_IN_FOR_CURL}`;
  const blocks = commands.map(({ text }) => substitute(text)).join(`\necho "${SEPARATOR}"\n`);
  const settings = { PORT: String(product.port), DATA_DIR: product.dataDir };
  return new Promise((resolve) => {
    execFile(
      "bash",
      ["-euo", "pipefail", "-c", `${replaced}\n${blocks}`],
      { cwd: folder, env: { ...process.env, ...settings }, timeout: 60_000 },
      (error, stdout, stderr) => {
        const outputs = stdout.replaceAll("\r", "").split(`${SEPARATOR}\n`);
        resolve({ outputs, failure: error === null ? null : `${error.message}\n${stderr}` });
      },
    );
  });
}

/** Keys whose very value is what a reader relies on; of others only the type. */
const EXACT = new Set(["__typename", "code", "message", "detail", "status", "role"]);

/** What an example of an answer promises: its names and types; lists are compared by their first element. */
function shapeOf(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0], name)];
  if (value === null) return null;
  if (typeof value === "object") {
    const entries = Object.entries(value).map(([key, inner]) => [key, shapeOf(inner, key)] as const);
    return Object.fromEntries(entries.toSorted(([one], [other]) => one.localeCompare(other)));
  }
  return EXACT.has(name) ? value : typeof value;
}

function expectAnswer(output = "", answer: CodeBlock | null): void {
  const shown = substitute(answer?.text ?? "").trim();
  if (answer?.kind === "json") expect(shapeOf(JSON.parse(output))).toEqual(shapeOf(JSON.parse(shown)));
  else expect(output.trim()).toBe(shown);
}

const PAGES_WITH_COMMANDS = PAGES.filter((page) => commandsOf(page).length > 0);

test("there are commands in the README, and in the guides to gateways, to GraphQL and for operators", () => {
  expect(PAGES_WITH_COMMANDS).toEqual([
    "README.md",
    "docs/gateways.md",
    "docs/graphql.md",
    "docs/operating.md",
    "docs/rest.md",
  ]);
});

describe.each(PAGES_WITH_COMMANDS)("%s", (page) => {
  const commands = commandsOf(page);
  let outputs: string[] = [];

  test("every command can be copied and works, one after the other", async () => {
    const outcome = await runAll(commands);
    outputs = outcome.outputs;
    expect(outcome.failure).toBeNull();
    expect(outputs).toHaveLength(commands.length);
  });

  test.each(commands.map((command, index) => ({ ...command, index })).filter(({ answer }) => answer !== null))(
    "$place answers as shown",
    ({ index, answer }) => expectAnswer(outputs[index], answer),
  );

  test("no command asks the server without showing what it answers", () => {
    const silent = commands.filter(({ text, answer }) => /\bcurl\b/.test(text) && answer === null);
    expect(silent.map(({ place }) => place)).toEqual([]);
  });
});

test("where there is no curl, its stand-in asks and answers alike", async () => {
  const commands = commandsOf("docs/graphql.md");
  const { outputs, failure } = await runAll(commands, false);
  expect(failure).toBeNull();
  for (const [index, { answer }] of commands.entries()) expectAnswer(outputs[index], answer);
});

describe("the reference page at /api/v1/docs", () => {
  test("shows a first call that can be copied and works, and sends a typed key, all without asking another server", async () => {
    const context = await newVisitor(product);
    const page = await context.newPage();
    const asked = new Set<string>();
    page.on("request", (request) => asked.add(new URL(request.url()).origin));
    await page.goto("/api/v1/docs");

    const shown = await page.locator("pre", { hasText: "curl" }).first().innerText();
    const text = shown.replace("lk_YOUR_KEY", product.printedKey);
    const { outputs, failure } = await runAll([{ kind: "bash", place: "/api/v1/docs", text, answer: null }]);
    expect(failure).toBeNull();
    expect(JSON.parse(outputs[0] ?? "")).toMatchObject({ key: { name: "Printed at start" } });

    await page.locator("input.scalar-password-input").first().fill(product.printedKey);
    await page.getByRole("button", { name: /^Test Request.*\/api\/v1\/auth\/me/ }).click();
    const answered = page.waitForResponse("**/api/v1/auth/me");
    await page.getByRole("button", { name: /^Send get request/ }).click();
    const answer = await answered;
    expect(answer.status()).toBe(200);
    expect(await answer.request().headerValue("x-api-key")).toBe(product.printedKey);
    await page.getByText("200 OK").waitFor();

    expect(JSON.stringify(await context.storageState({ indexedDB: true }))).not.toContain(product.printedKey);
    expect(asked).toEqual(new Set([product.url]));
  });
});
