import { expect, test } from "vitest";
import { parseAuditLogSearch, sharedSearchOf } from "./audit-log-search.ts";
import { activityFilterOf, areCallsNarrowed, callsAddressOf } from "./calls-search.ts";

test("calls are those of keys unless the address says otherwise", () => {
  expect(activityFilterOf({})).toEqual({ credential: "API_KEY" });
  expect(activityFilterOf({ with: "sessions" })).toEqual({ credential: "SESSION" });
  expect(activityFilterOf({ with: "all" })).toEqual({});
  expect(areCallsNarrowed({ tab: "calls" })).toBe(false);
  expect(areCallsNarrowed({ tab: "calls", with: "all" })).toBe(true);
  expect(areCallsNarrowed({ code: "rate_limited" })).toBe(true);
});

test("what the address does not say rightly is dropped", () => {
  expect(parseAuditLogSearch({ tab: "everything", status: "3xx", code: "A b", with: "cookies" })).toEqual({});
});

test("the export asks for exactly what the list shows", () => {
  const search = parseAuditLogSearch({
    tab: "calls",
    key: "key_1",
    status: "4xx",
    code: "permission_missing",
    q: " verify ",
  });
  expect(activityFilterOf(search)).toEqual({
    search: "verify",
    keyId: "key_1",
    statusClasses: ["STATUS_4XX"],
    codes: ["permission_missing"],
  });
  expect(callsAddressOf(search)).toBe("/api/v1/activity?search=verify&keyId=key_1&status=4xx&code=permission_missing");
});

test("what both lists know stays when somebody goes from one to the other", () => {
  const search = parseAuditLogSearch({ tab: "calls", key: "key_1", from: "2026-11-01", status: "4xx", with: "all" });
  expect(sharedSearchOf(search)).toEqual({ key: "key_1", from: "2026-11-01" });
});
