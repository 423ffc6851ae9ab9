import type { CallNotes } from "../../platform/call-notes.ts";

/** `second`: calls are stored within a second of their answer. `commit`: before it. */
export type ActivityDurability = "second" | "commit";

/** A call that has its answer, as a door hands it over. */
export interface AnsweredCall {
  readonly requestId: string;
  readonly ip: string;
  readonly method: string;
  readonly status: number;
  /** By `performance.now()`. */
  readonly startedAt: number;
  readonly notes: CallNotes;
}

/** A row of the activity table. */
export interface CallRow {
  /** Milliseconds since 1970, by the database's clock. With the request's id it says which row it is, for ever. */
  readonly at: number;
  readonly requestId: string;
  readonly teamId: string | null;
  readonly userId: string;
  readonly keyId: string | null;
  readonly method: string;
  readonly operation: string;
  readonly status: number;
  readonly code: string | null;
  /** Where it is a missing permission: which one. */
  readonly requiredPermission: string | null;
  readonly durationUs: number;
  readonly ip: string;
  /** Of a row that stands for several refused by the limit: how many there are by now, not how many are new. */
  readonly calls: number;
}

/** What the doors need of the record of all calls. */
export interface CallRecorder {
  /** @throws DomainError `unavailable` while a call could not be recorded in time; asked before one is worked on */
  admit(): void;
  /**
   * Takes note of a call of a known key or session; any other is only counted. Null: the answer may leave. A promise:
   * it has to wait (ACTIVITY_DURABILITY=commit), and false says that the call was not stored in time, so the answer is
   * `unavailable`.
   */
  record(call: AnsweredCall): Promise<boolean> | null;
}

/** For commands, which answer nobody's calls. */
export const UNRECORDED: CallRecorder = { admit: () => undefined, record: () => null };
