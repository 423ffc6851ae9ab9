import { expect, test } from "vitest";
import { createPermissionUseMemory, type PermissionUseMemory } from "./permission-use.ts";

const taken = (memory: PermissionUseMemory) =>
  Object.fromEntries([...memory.take()].map(([keyId, uses]) => [keyId, Object.fromEntries(uses)]));

test("of each permission of each key the newest use is kept, and taken once", () => {
  const memory = createPermissionUseMemory();
  memory.note("key_1", ["reports:read", "reports:export"], 1);
  memory.note("key_1", ["reports:read"], 5);
  memory.note("key_2", ["reports:read"], 3);
  memory.note("key_3", [], 4);
  expect(taken(memory)).toEqual({
    key_1: { "reports:read": 5, "reports:export": 1 },
    key_2: { "reports:read": 3 },
  });
  expect(taken(memory)).toEqual({});
});

test("what could not be stored comes back, behind what was noted meanwhile", () => {
  const memory = createPermissionUseMemory();
  memory.note("key_1", ["reports:read", "reports:export"], 1);
  const unstored = memory.take();
  memory.note("key_1", ["reports:read"], 9);
  memory.putBack(unstored);
  expect(taken(memory)).toEqual({ key_1: { "reports:read": 9, "reports:export": 1 } });
});
