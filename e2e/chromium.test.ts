import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CHROMIUM_FLAGS, findChromium } from "./chromium.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "latchkey-chromium-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function program(name: string, code: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${code}\n`);
  await chmod(path, 0o755);
  return path;
}

test("the one that CHROMIUM_PATH names comes first", async () => {
  await program("chromium", "exit 0");
  const own = await program("own", "exit 0");
  expect(await findChromium({ CHROMIUM_PATH: own, PATH: folder })).toBe(own);
});

test("a wrong CHROMIUM_PATH is said, not replaced by another browser", async () => {
  await program("chromium", "exit 0");
  for (const CHROMIUM_PATH of ["/nowhere/chromium", await program("broken", "exit 1")]) {
    await expect(findChromium({ CHROMIUM_PATH, PATH: folder })).rejects.toThrow(`CHROMIUM_PATH names ${CHROMIUM_PATH}`);
  }
});

test("an installed one that does not start is passed over", async () => {
  await program("chromium", "exit 1");
  const chrome = await program("google-chrome", "exit 0");
  expect(await findChromium({ PATH: folder })).toBe(chrome);
});

test("root, and nobody else, runs it without its sandbox", () => {
  expect(CHROMIUM_FLAGS.includes("--no-sandbox")).toBe(process.getuid?.() === 0);
});
