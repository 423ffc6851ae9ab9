import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createKeyCache } from "./key-cache.ts";
import { subjectsOf, type KeyRecord } from "./key-record.ts";

const hashes = Array.from({ length: 6 }, () => randomBytes(32));

/** Keys of two people in two teams; `version` is what somebody changed about what they share. */
function keyOf(number: number, version: number): KeyRecord {
  const teamId = `team_${number % 2}`;
  const userId = `user_${number % 3}`;
  return {
    id: `key_${number}`,
    name: `Key ${number}`,
    prefix: "lk_abcd",
    pepperId: "p",
    permissions: ["analytics:read", "reports:read"].slice(0, 1 + (number % 2)),
    expiresAt: null,
    revokedAt: null,
    memberId: `member_${number}`,
    creator: { id: userId, name: `User ${version}`, isSuperAdmin: false, bannedAt: null, banExpiresAt: null },
    membership: { id: `member_${number % 3}`, role: "admin" },
    team: {
      id: teamId,
      name: `Team ${version}`,
      slug: "team",
      plan: "growth",
      requestsPerMinute: 600,
      subscriptionStatus: "active",
    },
  };
}

const key = fc.nat(hashes.length - 1);
const subject = fc.oneof(
  ...["k:key_", "u:user_", "t:team_"].map((kind) => key.map((number) => `${kind}${number}`)),
  fc.tuple(key, key).map(([user, team]) => `m:user_${user % 3}:team_${team % 2}`),
  fc.constantFrom("*", "l:limiter", "key_0", ""),
);
const actions = fc.array(
  fc.oneof(
    key.map((number) => ({ kind: "set" as const, number })),
    key.map((number) => ({ kind: "get" as const, number })),
    subject.map((text) => ({ kind: "forget" as const, text })),
  ),
  { maxLength: 60 },
);

test("what is found was put there, was not forgotten since, and is what it was; never more than fit", () => {
  fc.assert(
    fc.property(actions, fc.integer({ min: 1, max: 6 }), (steps, maxKeys) => {
      const cache = createKeyCache({ maxKeys });
      const model = new Map<number, KeyRecord>();
      for (const step of steps) {
        if (step.kind === "set") {
          const record = keyOf(step.number, 1);
          cache.set(hashes[step.number] ?? Buffer.alloc(32), record);
          model.set(step.number, record);
        } else if (step.kind === "get") {
          const found = cache.get(hashes[step.number] ?? Buffer.alloc(32));
          if (found !== null) expect(found).toEqual(model.get(step.number));
          else if (maxKeys === hashes.length) expect(model.has(step.number)).toBe(false);
        } else {
          cache.forget(step.text);
          for (const [number, record] of model)
            if (step.text === "*" || Object.values(subjectsOf(record)).includes(step.text)) model.delete(number);
        }
        expect(cache.size).toBeLessThanOrEqual(maxKeys);
      }
    }),
  );
});

test("a key that disagrees with what is known of its team is not kept: the change is on its way", () => {
  const cache = createKeyCache({ maxKeys: 6 });
  const [one = Buffer.alloc(32), , two = Buffer.alloc(32)] = hashes;
  cache.set(one, keyOf(0, 1));
  cache.set(two, keyOf(2, 2));
  expect(cache.get(two)).toBeNull();
  expect(cache.get(one)?.team.name).toBe("Team 1");
  cache.forget("t:team_0");
  expect(cache.get(one)).toBeNull();
  cache.set(two, keyOf(2, 2));
  expect(cache.get(two)?.team.name).toBe("Team 2");
});

test("a key under another hash is not kept twice, and the one that is used outlives the one that is not", () => {
  const cache = createKeyCache({ maxKeys: 2 });
  const [first = Buffer.alloc(32), second = Buffer.alloc(32), third = Buffer.alloc(32)] = hashes;
  cache.set(first, keyOf(0, 1));
  cache.set(second, keyOf(0, 1));
  expect([cache.get(first), cache.size]).toEqual([null, 1]);
  cache.set(first, keyOf(1, 1));
  expect(cache.get(second)).not.toBeNull();
  cache.set(third, keyOf(2, 1));
  expect([cache.get(first), cache.get(second)?.id, cache.get(third)?.id]).toEqual([null, "key_0", "key_2"]);
});
