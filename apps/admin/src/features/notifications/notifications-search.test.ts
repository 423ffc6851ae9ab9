import { expect, test } from "vitest";
import { parseNotificationsSearch } from "./notifications-search.ts";

test("the address says whether only unread ones are shown, and nothing else is understood", () => {
  expect(parseNotificationsSearch({ unread: "1" })).toEqual({ unread: "1" });
  expect(parseNotificationsSearch({})).toEqual({});
  expect(parseNotificationsSearch({ unread: "yes", after: "x" })).toEqual({});
});
