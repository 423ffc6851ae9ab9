import { expect, test } from "vitest";
import { effectiveRequestsPerMinute, subscriptionNotice, type BackofficeTeam } from "./backoffice-team.ts";

const team = (facts: Partial<BackofficeTeam>): BackofficeTeam => ({
  id: "team_a",
  plan: "starter",
  status: "active",
  requestsPerMinute: null,
  members: 1,
  activeKeys: 0,
  createdAt: new Date(0),
  ...facts,
});

test.each([
  [{}, null],
  [{ activeKeys: 9 }, null],
  [{ activeKeys: 10 }, /keeps its 10 active keys.+until fewer than 10/],
  [{ activeKeys: 12 }, /keeps its 12 active keys.+until fewer than 10/],
  [{ plan: "growth", activeKeys: 500 }, null],
  [{ status: "past_due", activeKeys: 3 }, null],
  [{ status: "canceled" }, /^No key can be made/],
  [{ status: "canceled", activeKeys: 3 }, /active keys \(3\) are kept, but answered 402/],
  [{ plan: null, status: "canceled", activeKeys: 3 }, /answered 402/],
] as const)("%o says what becomes of the keys", (facts, said) => {
  const notice = subscriptionNotice(team(facts));
  if (said === null) expect(notice).toBeNull();
  else expect(notice).toMatch(said);
});

test.each([
  ["starter", null, 60],
  ["enterprise", null, 6_000],
  ["enterprise", 20_000, 20_000],
  ["growth", 5, 5],
  [null, null, 60],
] as const)("on %s an override of %s makes %s requests a minute", (plan, requestsPerMinute, expected) => {
  expect(effectiveRequestsPerMinute(team({ plan, requestsPerMinute }))).toBe(expected);
});
