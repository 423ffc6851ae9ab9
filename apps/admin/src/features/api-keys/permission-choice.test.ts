import { describe, expect, test } from "vitest";
import { byDomain, domainTitle, matching, toggleDomain, togglePermission } from "./permission-choice.ts";

const READ = { name: "campaigns:read", title: "Read campaigns", description: "See them.", domain: "campaigns" };
const LAUNCH = {
  name: "campaigns:launch",
  title: "Launch campaigns",
  description: "Spends money.",
  domain: "campaigns",
};
const REPORTS = { name: "reports:read", title: "Read reports", description: "See finished ones.", domain: "reports" };

describe("choosing permissions", () => {
  test("domains keep the catalogue's order, wherever their permissions stand", () => {
    expect(byDomain([READ, REPORTS, LAUNCH])).toEqual([
      { domain: "campaigns", permissions: [READ, LAUNCH] },
      { domain: "reports", permissions: [REPORTS] },
    ]);
  });

  test("a domain's box adds what is missing, and takes all only when all are chosen", () => {
    const grantable = ["campaigns:read", "campaigns:launch"];
    expect(toggleDomain(["reports:read", "campaigns:read"], grantable).toSorted()).toEqual([
      "campaigns:launch",
      "campaigns:read",
      "reports:read",
    ]);
    expect(toggleDomain(["reports:read", ...grantable], grantable)).toEqual(["reports:read"]);
  });

  test("one permission goes on and off without touching the others", () => {
    expect(togglePermission(["reports:read"], "campaigns:read")).toEqual(["reports:read", "campaigns:read"]);
    expect(togglePermission(["reports:read", "campaigns:read"], "reports:read")).toEqual(["campaigns:read"]);
  });

  test("the search looks at name, title and description, whatever the case", () => {
    expect(matching([READ, LAUNCH, REPORTS], "MONEY")).toEqual([LAUNCH]);
    expect(matching([READ, LAUNCH, REPORTS], "reports:")).toEqual([REPORTS]);
    expect(matching([READ, LAUNCH, REPORTS], " ")).toHaveLength(3);
  });

  test("a domain without a translation still has a readable title", () => {
    expect(domainTitle("ad_accounts")).toBe("Ad accounts");
  });
});
