import { expect, test } from "vitest";
import { auditFilterOf, exportAddressOf, isNarrowed, parseAuditLogSearch } from "./audit-log-search.ts";

test("what the address does not say rightly is dropped, so that an old link shows a list", () => {
  expect(parseAuditLogSearch({ q: "", key: "a b", actor: "../x", action: "api_key.eaten" })).toEqual({});
  expect(parseAuditLogSearch({ from: "2026-02-30", to: "0000-01-01" })).toEqual({});
  expect(parseAuditLogSearch({ from: 2026, to: "yesterday" })).toEqual({});
});

test("days include both ends, where the viewer is", () => {
  const { from, to } = auditFilterOf({ from: "2026-11-01", to: "2026-11-01" });
  expect(from).toBe(new Date(2026, 10, 1).toISOString());
  expect(to).toBe(new Date(2026, 10, 2).toISOString());
});

test("the export asks for exactly what the list shows", () => {
  const search = parseAuditLogSearch({ q: " BI ", key: "key_1", actor: "user_1", action: "api_key.revoked" });
  expect(auditFilterOf(search)).toEqual({
    search: "BI",
    keyId: "key_1",
    actorId: "user_1",
    actions: ["api_key.revoked"],
  });
  expect(exportAddressOf(search)).toBe("/api/v1/audit-log?search=BI&keyId=key_1&actorId=user_1&action=api_key.revoked");
  expect(exportAddressOf({})).toBe("/api/v1/audit-log");
});

test("spaces narrow nothing", () => {
  expect(isNarrowed({ q: "  " })).toBe(false);
  expect(isNarrowed({ key: "key_1" })).toBe(true);
});
