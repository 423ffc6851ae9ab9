import { describe, expect, test } from "vitest";
import {
  filterOf,
  isNarrowed,
  nextSort,
  orderByOf,
  parseApiKeysSearch,
  showsRevoked,
  sortDirection,
} from "./api-keys-search.ts";

describe("what the address of the list means", () => {
  test("an empty address is the default list: newest first, revoked keys left out", () => {
    const search = parseApiKeysSearch({});
    expect(search).toEqual({});
    expect(filterOf(search)).toEqual({ status: ["ACTIVE", "EXPIRED"] });
    expect(orderByOf(search)).toEqual({ field: "CREATED_AT", direction: "DESC" });
  });

  test("everything the page writes is read back", () => {
    const search = { q: "bi", status: "expired", sort: "-last-used", after: "abc" } as const;
    expect(parseApiKeysSearch(search)).toEqual(search);
    expect(filterOf(search)).toEqual({ search: "bi", status: ["EXPIRED"] });
    expect(orderByOf(search)).toEqual({ field: "LAST_USED", direction: "DESC" });
  });

  test("the open key is whatever the address says, since a wrong id is to look like a foreign one; the list is the same", () => {
    const search = parseApiKeysSearch({ key: "no id at all", q: "bi" });
    expect(search).toEqual({ key: "no id at all", q: "bi" });
    expect(filterOf(search)).toEqual(filterOf({ q: "bi" }));
    expect(parseApiKeysSearch({ key: "x".repeat(100_000) }).key).toHaveLength(64);
  });

  test.each([
    { status: "ACTIVE" },
    { status: "deleted" },
    { sort: "toString" },
    { sort: "--name" },
    { sort: "secret" },
    { revoked: "true" },
    { q: "" },
    { q: 7 },
    { after: ["a"] },
    { key: "" },
    { key: ["key_1"] },
    { unknown: "1" },
  ])("what nobody meant is dropped: %j", (search) => {
    expect(parseApiKeysSearch(search)).toEqual({});
  });

  test("a search of any length is cut, not refused", () => {
    expect(parseApiKeysSearch({ q: "x".repeat(500) }).q).toHaveLength(100);
  });

  test("the default order does not stand in the address", () => {
    expect(parseApiKeysSearch({ sort: "-created" })).toEqual({});
  });
});

describe("Show revoked", () => {
  test("on, every status is asked for", () => {
    expect(filterOf({ revoked: "1" })).toEqual({});
    expect(showsRevoked({ revoked: "1" })).toBe(true);
  });

  test("is also on when revoked keys are what is filtered for", () => {
    expect(showsRevoked({ status: "revoked" })).toBe(true);
    expect(showsRevoked({ status: "active", revoked: "1" })).toBe(false);
  });

  test("alone does not count as a narrowed list", () => {
    expect(isNarrowed({ revoked: "1" })).toBe(false);
    expect(isNarrowed({ q: "  " })).toBe(false);
    expect(isNarrowed({ q: "bi" })).toBe(true);
  });
});

describe("sorting by a column's header", () => {
  test("starts in the direction one looks for, then turns round", () => {
    expect(nextSort(undefined, "name")).toBe("name");
    expect(nextSort("name", "name")).toBe("-name");
    expect(nextSort("name", "last-used")).toBe("-last-used");
    expect(nextSort(undefined, "created")).toBe("created");
  });

  test("only the sorted column says so", () => {
    expect(sortDirection(undefined, "created")).toBe("descending");
    expect(sortDirection("name", "name")).toBe("ascending");
    expect(sortDirection("name", "created")).toBe("none");
  });
});
