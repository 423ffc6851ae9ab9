import { describe, expect, test } from "vitest";
import { replacementVerdict, safetyOf } from "./replacement-verdict.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000).toISOString();
const OLD = {
  status: "ACTIVE",
  blockedReason: null,
  lastUsed: hoursAgo(30),
  callsLast24Hours: 0,
  refusedSinceRevocation: 0,
} as const;
const NEW = { status: "ACTIVE", blockedReason: null, lastUsed: hoursAgo(1) } as const;

const verdict = (older: Partial<Parameters<typeof replacementVerdict>[0]>, newer: object = {}) => {
  const found = replacementVerdict({ ...OLD, ...older }, { ...NEW, ...newer }, NOW);
  return { ...found, safety: safetyOf(found) };
};

describe("it is safe to revoke the old key", () => {
  test("when it has been silent for a day and the new one is in use, in hours first and in days from two on", () => {
    expect(verdict({})).toEqual({ kind: "oldSilent", hours: 30, days: 1, safety: "safe" });
    expect(verdict({ lastUsed: hoursAgo(24) })).toMatchObject({ kind: "oldSilent", hours: 24 });
    expect(verdict({ lastUsed: hoursAgo(24 * 9) })).toMatchObject({ hours: 216, days: 9 });
  });

  test("when it was never used and the new one is, which is not called silence", () => {
    expect(verdict({ lastUsed: null })).toEqual({ kind: "oldUnused", safety: "safe" });
  });

  test("when it has expired, whatever the new one does; how often it was still tried is told", () => {
    expect(verdict({ status: "EXPIRED", lastUsed: hoursAgo(1) })).toEqual({
      kind: "expired",
      refused: 0,
      safety: "safe",
    });
    expect(verdict({ status: "EXPIRED", refusedSinceRevocation: 7 }, { lastUsed: null })).toMatchObject({ refused: 7 });
  });
});

describe("it is not safe yet", () => {
  test("while the new key was never used, said apart when neither was", () => {
    expect(verdict({}, { lastUsed: null })).toEqual({ kind: "newUnused", safety: "unsafe" });
    expect(verdict({ lastUsed: null }, { lastUsed: null })).toEqual({ kind: "bothUnused", safety: "unsafe" });
  });

  test("while the old key called within a day, with how often and when last", () => {
    const lastUsed = hoursAgo(23.9);
    expect(verdict({ lastUsed, callsLast24Hours: 240 })).toEqual({
      kind: "oldCalling",
      calls: 240,
      lastUsed: new Date(lastUsed),
      safety: "unsafe",
    });
  });

  test("after one call at least, although the counts of the hour may come later than the last use", () => {
    expect(verdict({ lastUsed: hoursAgo(0), callsLast24Hours: 0 })).toMatchObject({ kind: "oldCalling", calls: 1 });
  });

  test("when the old key called after the new one's last call: something went back to it", () => {
    expect(verdict({ lastUsed: hoursAgo(50) }, { lastUsed: hoursAgo(60) })).toMatchObject({
      kind: "oldCalledLater",
      safety: "unsafe",
    });
  });

  test.each([
    { status: "EXPIRED", blockedReason: null },
    { status: "REVOKED", blockedReason: null },
    { status: "ACTIVE", blockedReason: "OWNER_REMOVED" },
  ])("while the new key would be refused: %o", (newer) => {
    expect(verdict({}, newer)).toEqual({ kind: "newStopped", ...newer, safety: "unsafe" });
    expect(verdict({ status: "EXPIRED" }, newer)).toMatchObject({ kind: "newStopped" });
  });
});

test("a revoked one leaves nothing to do", () => {
  expect(verdict({ status: "REVOKED" }, { lastUsed: null })).toEqual({ kind: "revoked", safety: "done" });
});
