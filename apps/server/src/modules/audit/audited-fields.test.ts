import { AUDIT_ACTIONS, AUDIT_EVENTS } from "@latchkey/types/audit-events";
import { expect, test } from "vitest";
import { auditedText, changesOf } from "./audit-event.ts";
import { assertAllowed } from "./audited-fields.ts";

test("a field that is not in the list of its action fails the change", () => {
  expect(assertAllowed("api_key.created", "after", { name: "BI", prefix: "lk_abcd" })).toEqual({
    name: "BI",
    prefix: "lk_abcd",
  });
  expect(() => assertAllowed("api_key.created", "after", { name: "BI", secretHash: "…" })).toThrow("secretHash");
  expect(() => assertAllowed("api_key.created", "before", { name: "BI" })).toThrow("name");
});

test("no action lists what could be a secret", () => {
  for (const action of AUDIT_ACTIONS) {
    const { before, after } = AUDIT_EVENTS[action];
    expect([...before, ...after].join(" ")).not.toMatch(/secret(?!ond)|token|password|hash|code/i);
  }
});

test("changes come in the order of the catalogue, also those of fields that have left it", () => {
  const changes = changesOf("member.role_changed", { role: "viewer", userId: "u" }, { former: 1, role: "admin" });
  expect(changes).toEqual([
    { field: "userId", before: "u", after: null },
    { field: "role", before: "viewer", after: "admin" },
    { field: "former", before: null, after: 1 },
  ]);
});

test("a value as text", () => {
  expect([["a", "b"], true, 3, null, "x"].map(auditedText)).toEqual(["a, b", "true", "3", null, "x"]);
});
