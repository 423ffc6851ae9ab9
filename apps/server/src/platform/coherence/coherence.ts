/**
 * What server processes may keep in memory of what is in the database, and how a change is made to hold in all of them
 * before it is acknowledged. The protocol is told in lease.ts and barrier.ts, its reasons in
 * docs/decisions/0018-verified-keys-under-a-lease.md.
 */
export interface Coherence {
  /**
   * Whether what was remembered may be used at this instant: the database's time at most, in milliseconds since 1970;
   * null outside a lease, where every request has to ask the database. Ask when using it, never before (R3).
   */
  leasedTime(): number | null;
  /** To be called before a SELECT is sent whose rows are to be remembered (R6). */
  beginFill(): Fill;
  /**
   * Tells, in the order of the commits, what has changed: a subject such as `k:<key>`, `m:<user>:<team>`, `u:<user>`,
   * `t:<team>`, or `*`: forget everything. A kind that one does not know is somebody else's.
   */
  onChange(forget: (subject: string) => void): void;
  /**
   * After a change was committed: resolves once no process answers from what it read before this call, after 1.1 s at
   * the latest. Also for calls that found nothing to change: whoever did may have died before its own barrier (R5).
   */
  barrier(): Promise<void>;
  report(): CoherenceReport;
}

/** For services that come and go, and with which nobody is verified: they keep nothing, and leave no listener behind. */
export function withoutMemory({ barrier, report }: Pick<Coherence, "barrier" | "report">): Coherence {
  return {
    leasedTime: () => null,
    beginFill: () => ({ admits: () => false, end: () => undefined }),
    onChange: () => undefined,
    barrier,
    report,
  };
}

/** A SELECT on its way: what has changed since it was sent. */
export interface Fill {
  /** Whether a row that depends on these subjects may be remembered. False once it has ended, or a session did. */
  admits(subjects: readonly string[]): boolean;
  end(): void;
}

export interface CoherenceReport {
  /** `leased`: memory is used. `unleased`: every request asks the database, for this reason. `off`: so it was set. */
  readonly state: "leased" | "unleased" | "off";
  readonly reason: string | null;
  /** Milliseconds since the lease in force was asked for; null when there has been none. */
  readonly leaseAge: number | null;
  /** Renewals, subjects that were forgotten, LISTEN sessions and barriers, since the process started. */
  readonly renewals: number;
  readonly invalidations: number;
  readonly sessions: number;
  readonly barriers: number;
  /** How much of PostgreSQL's notification queue is used, 0 to 1. */
  readonly notificationQueueUsage: number;
}
