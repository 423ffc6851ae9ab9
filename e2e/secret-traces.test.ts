import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tracesIn, tracesInFolder } from "./secret-traces.ts";

const SECRET = "lk_0123456789abcdefghijABCDEFGHIJKL000000";
const SOUGHT = [{ name: "planted", secret: SECRET }];

function encodingsIn(content: string): string[] {
  return tracesIn(content, "here", SOUGHT).map(({ encoding }) => encoding);
}

test.each([
  ["plain", SECRET],
  ["plain", `a query: ${SECRET.slice(0, 25)}…`],
  ["plain", SECRET.slice(15)],
  ["base64", btoa(SECRET)],
  ["base64", btoa(`x${SECRET}y`)],
  ["base64", Buffer.from(`key=${SECRET}`).toString("base64url")],
  ["base64", btoa(`{"key":"${SECRET}"}`)],
  ["hex", Buffer.from(SECRET).toString("hex")],
  ["hex", Buffer.from(SECRET).toString("hex").toUpperCase()],
  ["percent", Buffer.from(SECRET).toString("hex").replaceAll(/../g, "%$&")],
])("a secret is found in %s", (encoding, content) => {
  expect(encodingsIn(content)).toEqual([encoding]);
});

test("its prefix, which everybody may see, is not taken for it", () => {
  expect(encodingsIn(`${SECRET.slice(0, 7)} ${btoa(SECRET.slice(0, 7))}`)).toEqual([]);
});

test("a folder is searched to its depths, binary files and names included", async () => {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-traces-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "base/1"), { recursive: true });
  await writeFile(join(folder, "clean"), "nothing");
  await writeFile(join(folder, "base/1/16384"), Buffer.concat([Buffer.alloc(9_000, 255), Buffer.from(SECRET)]));
  await writeFile(join(folder, "base", SECRET), "");
  const places = (await tracesInFolder(folder, SOUGHT)).map(({ place }) => place);
  expect(places).toEqual(["file names", join(folder, "base/1/16384")]);
});
