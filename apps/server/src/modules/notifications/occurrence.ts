import type { NotificationKind } from "@latchkey/types/notifications";

/** Something that happened, once for all whom it is told: a kind, its subject, and which of the times it can happen. */
export interface Occurrence {
  readonly kind: NotificationKind;
  readonly subject: string;
  readonly threshold: string;
  readonly teamId: string;
  readonly keyId: string | null;
  readonly personId: string | null;
  readonly reachedLimit: number | null;
  readonly at: Date;
}

/** What is looked for together, each with its own place in time. */
export const NOTIFICATION_JOBS = ["created", "revoked", "expiry", "key-limit", "unused", "rate-limit"] as const;
export type NotificationJob = (typeof NOTIFICATION_JOBS)[number];

/** A stretch of time: what happened after `from`, until `until`. */
export interface Window {
  readonly from: Date;
  readonly until: Date;
}

const MINUTE_MILLISECONDS = 60 * 1000;
const DAY_MILLISECONDS = 24 * 60 * MINUTE_MILLISECONDS;

/** Older than this is told to nobody: a first look at an old database, or one after a long outage. */
const LOOK_BACK_MILLISECONDS = 30 * DAY_MILLISECONDS;

/**
 * How far each job looks again at what it has seen: a change has its instant from the beginning of its transaction and
 * is seen at its end, at most 10 s later; counters of calls come late from a spool file after an outage.
 */
const OVERLAP_MILLISECONDS: Readonly<Record<NotificationJob, number>> = {
  created: MINUTE_MILLISECONDS,
  revoked: MINUTE_MILLISECONDS,
  expiry: MINUTE_MILLISECONDS,
  "key-limit": MINUTE_MILLISECONDS,
  unused: MINUTE_MILLISECONDS,
  "rate-limit": 2 * DAY_MILLISECONDS,
};

export function lookBackFrom(now: Date): Date {
  return new Date(now.getTime() - LOOK_BACK_MILLISECONDS);
}

/** What a run looks at, after one that saw everything until `doneUntil`. */
export function windowOf(job: NotificationJob, doneUntil: Date, now: Date): Window {
  const again = doneUntil.getTime() - OVERLAP_MILLISECONDS[job];
  return { from: new Date(Math.max(again, lookBackFrom(now).getTime())), until: now };
}
