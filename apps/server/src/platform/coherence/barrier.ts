import { LEASE, MARGIN } from "./lease.ts";

/** A row of `server_process`. */
export interface ProcessRow {
  readonly id: string;
  readonly renewals: number;
  /** The newest barrier that it has acknowledged. */
  readonly acknowledged: number;
}

/** What the barrier does in the database, each in a statement of its own on the primary. */
export interface BarrierDatabase {
  /** Draws the barrier's number and tells all processes to acknowledge it. */
  announce(): Promise<number>;
  readProcesses(): Promise<readonly ProcessRow[]>;
  /** Deletes those of the rows that have not been renewed since they were read. */
  giveUp(rows: readonly ProcessRow[]): Promise<void>;
}

export interface BarrierOptions {
  readonly database: BarrierDatabase;
  readonly monotonic: () => number;
  /** Resolves when some process may have acknowledged, and after so many milliseconds at the latest. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** What keeps the database from answering; the barrier then waits the leases out. */
  readonly onFailure: (error: unknown) => void;
}

/** How long every lease that was in force at some moment is waited for. */
export const PATIENCE = LEASE + MARGIN;

/** Nobody may wake us: a command does not listen, and a wake-up is a hint only. */
const POLL = 50;

/**
 * R4, called after the change was committed. A lease that a process holds without having heard of the change counts from
 * before that commit, so waiting one lease is always enough, whatever the database says. All else here makes it shorter:
 * each process says when it has heard of everything that was committed before the barrier. One that does not is waited
 * for once; its row goes, and comes back with its next renewal, behind which it has heard of the change.
 */
export async function waitForProcesses({ database, monotonic, sleep, onFailure }: BarrierOptions): Promise<void> {
  let end = monotonic() + PATIENCE;
  const whatever = <Value>(error: unknown, value: Value): Value => {
    onFailure(error);
    return value;
  };

  // Announced first, read after: whoever registers in between has its LISTEN, and so all of this, before its first lease.
  const number = await database.announce().catch((error: unknown) => whatever(error, null));
  let waitedFor =
    number === null ? null : await database.readProcesses().catch((error: unknown) => whatever(error, null));
  if (waitedFor !== null) end = monotonic() + PATIENCE;

  while (monotonic() < end) {
    if (waitedFor !== null && number !== null) {
      waitedFor = waitedFor.filter(({ acknowledged }) => acknowledged < number);
      if (waitedFor.length === 0) return;
    }
    await sleep(Math.min(POLL, end - monotonic()));
    if (waitedFor === null) continue;
    // A row that is gone was given back by its process, or given up by somebody who has waited longer.
    const now: readonly ProcessRow[] = await database
      .readProcesses()
      .catch((error: unknown) => whatever(error, waitedFor ?? []));
    waitedFor = waitedFor.flatMap((seen) => {
      const row = now.find(({ id }) => id === seen.id);
      return row === undefined ? [] : [{ ...seen, acknowledged: row.acknowledged }];
    });
  }
  if (waitedFor !== null && waitedFor.length > 0)
    await database.giveUp(waitedFor).catch((error: unknown) => whatever(error, undefined));
}
