import { describe, expect, test } from "vitest";
import { isDemotion, reasonForNothing } from "./member-standing.ts";

const nothing = { viewerMayAssign: [], viewerMayRemove: false } as const;

describe("why nothing is offered for a member", () => {
  test("the last owner reads what to do first, also when somebody else looks", () => {
    const member = { ...nothing, role: "OWNER", isLastOwner: true } as const;
    expect(reasonForNothing(member, { role: "OWNER", isOneself: true })).toBe("lastOwnerSelf");
    expect(reasonForNothing(member, { role: "SUPER_ADMIN", isOneself: false })).toBe("lastOwner");
  });

  test("an admin reads that owners are for owners, whether it is the last one or not", () => {
    for (const isLastOwner of [true, false]) {
      const member = { ...nothing, role: "OWNER", isLastOwner } as const;
      expect(reasonForNothing(member, { role: "ADMIN", isOneself: false })).toBe("onlyOwners");
    }
  });

  test("where something is offered there is nothing to explain", () => {
    const member = { role: "VIEWER", isLastOwner: false, viewerMayAssign: ["VIEWER"], viewerMayRemove: true } as const;
    expect(reasonForNothing(member, { role: "ADMIN", isOneself: false })).toBeNull();
  });
});

test("a role that allows less is a demotion, the same role is none", () => {
  expect(isDemotion("OWNER", "ADMIN")).toBe(true);
  expect(isDemotion("ADMIN", "VIEWER")).toBe(true);
  expect(isDemotion("VIEWER", "MANAGER")).toBe(false);
  expect(isDemotion("ADMIN", "ADMIN")).toBe(false);
});
