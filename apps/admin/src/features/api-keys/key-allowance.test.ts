import { expect, test } from "vitest";
import type { KeyAllowanceQuery } from "../../generated/graphql.ts";
import { keyObstacle } from "./key-allowance.ts";

type Use = readonly [used: number | null, limit: number | null];

function allowance([team, teamLimit]: Use, [own, ownLimit]: Use, isUsable = true): KeyAllowanceQuery {
  const use = (used: number | null, limit: number | null) => ({ __typename: "LimitUse", used, limit }) as const;
  return {
    subscription: { __typename: "Subscription", isUsable },
    usage: { __typename: "Usage", activeKeys: use(team, teamLimit), ownActiveKeys: use(own, ownLimit) },
  };
}

test.each([
  ["there is room", allowance([9, 10], [4, 5]), null],
  ["there is no cap", allowance([900, null], [900, null]), null],
  ["the creator's cap is reached", allowance([9, 10], [5, 5]), { kind: "creator", active: 5, limit: 5 }],
  ["the team's cap is reached", allowance([10, 10], [4, 5]), { kind: "team", active: 10, limit: 10 }],
  ["both are reached: the team's", allowance([10, 10], [5, 5]), { kind: "team", active: 10, limit: 10 }],
  ["a downgrade left more than the cap", allowance([12, 10], [4, 5]), { kind: "team", active: 12, limit: 10 }],
  ["the subscription has ended", allowance([10, 10], [5, 5], false), { kind: "canceled" }],
  ["there is no subscription", { subscription: null, usage: null }, { kind: "canceled" }],
  ["nothing is known", undefined, null],
] as const)("%s", (_what, known, obstacle) => expect(keyObstacle(known)).toEqual(obstacle));
