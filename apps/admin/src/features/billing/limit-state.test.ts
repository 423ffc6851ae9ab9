import { expect, test } from "vitest";
import { limitState } from "./limit-state.ts";

test.each([
  [{ used: null, limit: 10 }, "unknown"],
  [{ used: null, limit: null }, "unknown"],
  [{ used: 900, limit: null }, "unlimited"],
  [{ used: 0, limit: 10 }, "room"],
  [{ used: 7, limit: 10 }, "room"],
  [{ used: 8, limit: 10 }, "near"],
  [{ used: 4, limit: 5 }, "near"],
  [{ used: 1, limit: 2 }, "room"],
  [{ used: 10, limit: 10 }, "reached"],
  [{ used: 12, limit: 10 }, "over"],
] as const)("%o is %s", (use, state) => expect(limitState(use)).toBe(state));
