import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const PASSING = `test("a", () => {}); describe("b", () => { test("c", () => {}); });`;

interface Run {
  readonly lastLine: string | undefined;
  readonly exitCode: number | null;
}

/** A run of its own, in a folder of its own. */
async function runVitest(files: Record<string, string>, flags: string[] = [], setup?: string): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-closing-line-"));
  try {
    const config = `import { ClosingLineReporter } from ${JSON.stringify(join(import.meta.dirname, "closing-line-reporter.ts"))};
      export default { test: { globals: true, reporters: ["default", new ClosingLineReporter()]${setup === undefined ? "" : `, globalSetup: "setup.ts"`} } };`;
    await writeFile(join(folder, "vitest.config.ts"), config);
    if (setup !== undefined) await writeFile(join(folder, "setup.ts"), setup);
    for (const [name, code] of Object.entries(files)) await writeFile(join(folder, name), code);
    return await new Promise((resolve, reject) => {
      const child = spawn(join(ROOT, "node_modules/.bin/vitest"), ["run", "--root", folder, ...flags], {
        stdio: ["ignore", "pipe", "ignore"],
        timeout: 30_000,
      });
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
      child.on("error", reject);
      child.on("close", (exitCode) => resolve({ lastLine: output.trimEnd().split("\n").at(-1), exitCode }));
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe.concurrent("the last line of a test run", { timeout: 60_000 }, () => {
  test("counts what passed", async () => {
    expect(await runVitest({ "a.test.ts": PASSING, "b.test.ts": PASSING })).toEqual({
      lastLine: "4 passed, 0 failed",
      exitCode: 0,
    });
  });

  test.each<[string, string, Record<string, string>, string[]?, string?]>([
    ["a failing test", "2 passed, 1 failed", { "a.test.ts": `${PASSING} test("d", () => { throw new Error("x"); });` }],
    [
      "a hook that throws before its tests",
      "2 passed, 1 failed",
      {
        "a.test.ts": `${PASSING} describe("e", () => { beforeAll(() => { throw new Error("x"); }); test("f", () => {}); });`,
      },
    ],
    [
      "a hook that throws after its tests",
      "3 passed, 1 failed",
      {
        "a.test.ts": `${PASSING} describe("e", () => { afterAll(() => { throw new Error("x"); }); test("f", () => {}); });`,
      },
    ],
    ["a file that cannot be read", "2 passed, 1 failed", { "a.test.ts": PASSING, "b.test.ts": "this is not code" }],
    ["a file without tests", "2 passed, 1 failed", { "a.test.ts": PASSING, "b.test.ts": "" }],
    [
      "an error that nobody caught",
      "2 passed, 1 failed",
      { "a.test.ts": `${PASSING} void Promise.reject(new Error("x"));` },
    ],
    ["no test file", "0 passed, 1 failed", {}],
    ["no test of the name asked for", "0 passed, 1 failed", { "a.test.ts": PASSING }, ["-t", "none of these"]],
    [
      "a setup that throws",
      "0 passed, 1 failed",
      { "a.test.ts": PASSING },
      [],
      `export default () => { throw new Error("x"); };`,
    ],
    [
      "a teardown that throws",
      "2 passed, 1 failed",
      { "a.test.ts": PASSING },
      [],
      `export default () => () => { console.log("late"); throw new Error("x"); };`,
    ],
  ])("counts %s as failed", async (_, lastLine, files, flags, setup) => {
    expect(await runVitest(files, flags, setup)).toEqual({ lastLine, exitCode: 1 });
  });
});
