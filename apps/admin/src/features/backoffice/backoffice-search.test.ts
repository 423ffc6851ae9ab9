import { expect, test } from "vitest";
import { parseBackofficeSearch, searchedText } from "./backoffice-search.ts";

test.each([
  [{}, {}],
  [
    { tab: "people", q: "ada", after: "abc" },
    { tab: "people", q: "ada", after: "abc" },
  ],
  [{ tab: "teams" }, {}],
  [{ tab: "money", q: "", after: "" }, {}],
  [{ q: 7, after: ["x"] }, {}],
  [{ q: "x".repeat(200) }, { q: "x".repeat(100) }],
])("of %o in the address the page understands %o", (typed, understood) => {
  expect(parseBackofficeSearch(typed)).toEqual(understood);
});

test.each([
  [undefined, null],
  ["  ", null],
  [" acme ", "acme"],
])("a search for %o asks the server for %o", (q, asked) => {
  expect(searchedText(q)).toBe(asked);
});
