/** How many connections each pool of one process may have. */
export interface ConnectionShares {
  readonly verification: number;
  readonly limiter: number;
  readonly modules: number;
  /** Leases and barriers; the connection that listens is in no pool. */
  readonly coherence: number;
  readonly health: number;
  /** One runs a job, one sees what is due. */
  readonly schedule: number;
  /** One writes calls, one looks after their partitions. */
  readonly activity: number;
}

/** PostgreSQL allows 100 unless told, and an operator needs a few. */
const CONNECTIONS = 80;
const LISTENING = 1;
/** What a process cannot do without, however many there are. */
const FIXED = { coherence: 2, health: 2, schedule: 2, activity: 2 };
const FIXED_CONNECTIONS = LISTENING + FIXED.coherence + FIXED.health + FIXED.schedule + FIXED.activity;
/** Of the rest. Verification waits for no page. */
const VERIFICATION_SHARE = 32 / 71;
const LIMITER_SHARE = 8 / 71;

/** 80 connections in all, divided by the processes; a process has its least, though, so more than 5 take more. */
export function connectionShares(processes: number): ConnectionShares {
  const rest = Math.floor(CONNECTIONS / processes) - FIXED_CONNECTIONS;
  const verification = Math.max(2, Math.floor(rest * VERIFICATION_SHARE));
  const limiter = Math.max(1, Math.floor(rest * LIMITER_SHARE));
  const modules = Math.max(2, rest - verification - limiter);
  return { verification, limiter, modules, ...FIXED };
}

/** What so many processes take together at most. */
export function connectionsInAll(processes: number): number {
  const { verification, limiter, modules } = connectionShares(processes);
  return processes * (FIXED_CONNECTIONS + verification + limiter + modules);
}
