import { expect, test } from "vitest";
import { actionsFor } from "./review-actions.ts";

const ANYTHING = { mayReplace: true, mayRevoke: true, isReplaced: false };

test("what is not used is revoked, what is used is replaced, and what nobody owns may be either", () => {
  expect(actionsFor("NEVER_USED", ANYTHING)).toEqual(["revoke"]);
  expect(actionsFor("UNUSED_90_DAYS", ANYTHING)).toEqual(["revoke"]);
  expect(actionsFor("PERMISSIONS_NEVER_USED", ANYTHING)).toEqual(["replace"]);
  expect(actionsFor("NO_EXPIRY", ANYTHING)).toEqual(["replace"]);
  expect(actionsFor("OWNER_GONE", ANYTHING)).toEqual(["replace", "revoke"]);
});

test("what the viewer may not do is not offered", () => {
  expect(actionsFor("OWNER_GONE", { ...ANYTHING, mayReplace: false })).toEqual(["revoke"]);
  expect(actionsFor("NEVER_USED", { ...ANYTHING, mayRevoke: false })).toEqual([]);
});

test("a key that has its replacement is compared with it instead", () => {
  expect(actionsFor("NO_EXPIRY", { ...ANYTHING, isReplaced: true })).toEqual(["compare"]);
  expect(actionsFor("NO_EXPIRY", { mayReplace: false, mayRevoke: false, isReplaced: true })).toEqual(["compare"]);
});
