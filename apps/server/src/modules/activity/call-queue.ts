import type { CallRow } from "./call.ts";

/** A row that waits, and who waits for it. */
export interface WaitingCall {
  readonly row: CallRow;
  /** By the process's own clock, in milliseconds. */
  readonly since: number;
  /** Told once: whether the row was stored in time. */
  readonly settle: ((isStored: boolean) => void) | null;
}

export interface CallQueue {
  readonly size: number;
  /** When the oldest of all that are not stored began to wait; null: none waits. */
  readonly oldestSince: number | null;
  add(call: WaitingCall): void;
  /** A call refused by the limit: those of one subject in the same second are one row, about the first of them. */
  addLimited(subject: string, call: WaitingCall): void;
  /** The oldest rows: the same ones, unchanged, until they were stored. Null: none waits. */
  batch(atMost: number): readonly WaitingCall[] | null;
  /** The rows of the present batch, or its first ones, are stored, or given up. */
  done(count: number): void;
  /** All that is not stored. */
  all(): WaitingCall[];
}

/** The row of a subject's present second. */
interface LimitedSecond {
  readonly second: number;
  readonly row: CallRow;
  calls: number;
  /** Where it waits, counted from the first row ever. Among those that were taken: it must not change any more. */
  place: number;
}

/**
 * Calls in the order they were answered. A batch stays as it is until it was stored: if nobody knows whether it was,
 * exactly the same rows are sent again, and the database leaves out what it has.
 */
export function createCallQueue(): CallQueue {
  let waiting: WaitingCall[] = [];
  let current: readonly WaitingCall[] = [];
  let taken = 0;
  const limited = new Map<string, LimitedSecond>();

  const push = (call: WaitingCall): number => taken + waiting.push(call) - 1;

  const take = (atMost: number) => {
    current = waiting.slice(0, atMost);
    waiting = waiting.slice(atMost);
    taken += current.length;
    const present = secondOf(current.at(-1));
    for (const [subject, { second }] of limited) if (second < present) limited.delete(subject);
  };

  return {
    get size() {
      return current.length + waiting.length;
    },
    get oldestSince() {
      return (current[0] ?? waiting[0])?.since ?? null;
    },
    add: push,
    addLimited(subject, call) {
      const known = limited.get(subject);
      const second = secondOf(call);
      if (known === undefined || known.second !== second) {
        limited.set(subject, { second, row: call.row, calls: 1, place: push(call) });
        return;
      }
      known.calls += 1;
      const row = { ...known.row, calls: known.calls };
      const before = waiting[known.place - taken];
      if (before === undefined) known.place = push({ ...call, row });
      else waiting[known.place - taken] = { row, since: before.since, settle: both(before.settle, call.settle) };
    },
    batch(atMost) {
      if (current.length === 0 && waiting.length > 0) take(atMost);
      return current.length === 0 ? null : current;
    },
    done(count) {
      current = current.slice(count);
    },
    all: () => [...current, ...waiting],
  };
}

function secondOf(call: WaitingCall | undefined): number {
  return Math.floor((call?.row.at ?? 0) / 1_000);
}

function both(one: WaitingCall["settle"], other: WaitingCall["settle"]): WaitingCall["settle"] {
  if (one === null || other === null) return one ?? other;
  return (isStored) => {
    one(isStored);
    other(isStored);
  };
}
