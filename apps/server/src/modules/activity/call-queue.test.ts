import { expect, test } from "vitest";
import { callRow } from "../../../test/calls.ts";
import { createCallQueue } from "./call-queue.ts";

const KEY = { id: "key_1", teamId: "team_1", userId: "user_1" };
const waiting = (at: number, requestId = `req_${at}`) => ({
  row: callRow(KEY, { at, requestId, status: 429, code: "rate_limited" }),
  since: at,
  settle: null,
});
const rowsOf = (calls: readonly { row: { requestId: string; calls: number } }[] | null) =>
  calls?.map(({ row }) => [row.requestId, row.calls]);

test("a batch stays the same until it is done, whatever comes meanwhile", () => {
  const queue = createCallQueue();
  for (const at of [1, 2, 3]) queue.add(waiting(at));
  const batch = queue.batch(2);
  queue.add(waiting(4));
  expect(queue.batch(2)).toBe(batch);
  queue.done(1);
  expect(rowsOf(queue.batch(2))).toEqual([["req_2", 1]]);
  queue.done(1);
  expect(rowsOf(queue.batch(9))).toEqual([
    ["req_3", 1],
    ["req_4", 1],
  ]);
});

test("the oldest that waits is the first of the batch, then of the rest", () => {
  const queue = createCallQueue();
  expect(queue.oldestSince).toBeNull();
  for (const at of [10, 20, 30]) queue.add(waiting(at));
  queue.batch(1);
  expect([queue.oldestSince, queue.size]).toEqual([10, 3]);
  queue.done(1);
  expect([queue.oldestSince, queue.size]).toEqual([20, 2]);
});

test("those of one subject in a second are one row, which counts on after it was taken", () => {
  const queue = createCallQueue();
  for (const at of [1_000, 1_200, 1_999]) queue.addLimited("key_1", waiting(at));
  queue.addLimited("key_2", waiting(1_500));
  expect(rowsOf(queue.batch(1))).toEqual([["req_1000", 3]]);
  queue.addLimited("key_1", waiting(1_999));
  queue.addLimited("key_1", waiting(1_999));
  queue.addLimited("key_1", waiting(2_000));
  queue.done(1);
  expect(rowsOf(queue.batch(9))).toEqual([
    ["req_1500", 1],
    ["req_1000", 5],
    ["req_2000", 1],
  ]);
});

test("everybody who waits for a row that stands for several is told", () => {
  const queue = createCallQueue();
  const told: string[] = [];
  for (const name of ["first", "second", "third"])
    queue.addLimited("key_1", { ...waiting(1_000), settle: () => void told.push(name) });
  const [call] = queue.batch(9) ?? [];
  call?.settle?.(true);
  expect(told).toEqual(["first", "second", "third"]);
});
