import { describe, expect, test } from "vitest";
import { safeNext } from "./safe-next.ts";

const ORIGIN = "https://keys.acme.example";

describe("where sign-in leads", () => {
  test("a path of our own is kept with its search", () => {
    expect(safeNext("/settings/team/api-keys?q=bi", ORIGIN)).toBe("/settings/team/api-keys?q=bi");
  });

  test.each([
    undefined,
    "",
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "/\t/evil.example/",
    "/.//evil.example",
    "javascript:alert(1)",
    "/sign-in?next=/sign-in",
  ])("%j leads to the start, never to another origin", (next) => {
    expect(safeNext(next, ORIGIN)).toBe("/settings/team/api-keys");
  });
});
