/** The database's clock as this process knows it: its own steady one, and how far that is off. In milliseconds. */
export interface DatabaseClock {
  /** Whole milliseconds since 1970. */
  now(): number;
  /** A reading that was asked for and came back at these instants of the steady clock. */
  set(databaseTime: number, sentAt: number, receivedAt: number): void;
}

/** @param steady never set back, such as `performance.now`; `startedAt`: when it was 0, until the database was asked */
export function createDatabaseClock(steady: () => number, startedAt: number): DatabaseClock {
  let offset = startedAt;
  return {
    now: () => Math.floor(steady() + offset),
    set(databaseTime, sentAt, receivedAt) {
      offset = databaseTime - (sentAt + receivedAt) / 2;
    },
  };
}
