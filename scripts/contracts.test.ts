import { ERRORS } from "../packages/types/src/error-codes.ts";
import { expect, test } from "vitest";
import { committedContract, CONTRACTS } from "./contracts.ts";

test.each(CONTRACTS)("the committed $path is what the code prints; `pnpm generate` prints it", ({ path, text }) => {
  expect(committedContract(path)).toBe(text);
});

test("every error code has an anchor of its own in docs/errors.md", () => {
  const anchors = committedContract("docs/errors.md")?.match(/^## .+$/gm) ?? [];
  expect(anchors).toEqual(Object.keys(ERRORS).map((code) => `## ${code}`));
});
