/*
 * HOW A KEY STAYS IN MEMORY AND IS STILL REVOKED AT ONCE
 *
 * A process answers from memory only under a lease of one second (Gray and Cheriton, 1989); whoever takes access away
 * waits until every process has heard of it, or its lease is over. docs/decisions/0018 says why, `pnpm test:model`
 * checks the protocol with spin, protocol.test.ts this code; all use the same numbers.
 *
 *   a server process                  PostgreSQL                             whoever revokes
 *   ----------------                  ----------                             ---------------
 *   LISTEN ------------------------->                                                          a new epoch: forget all
 *   every 250 ms: renew, notify h --> one transaction: row and h
 *     <------------------------------ h, after all that was committed before
 *   leased, from when it was sent
 *   SELECT (a fill) ----------------> row
 *     remembered unless it changed
 *     since the SELECT was sent       <------------------------------------- UPDATE; triggers notify k:<key>; COMMIT
 *     <------------------------------ k:<key>, b:7                <--------- notify b:7, then read server_process
 *   forget the key; acknowledge 7 --> row, wake --------------------------->
 *                                                                            all have, or 1.05 s are over: "it is revoked"
 *
 * R1  What is remembered is one row of one autocommit statement on the primary. Instants are kept as instants, and judged
 *     at each use by the latest that the database's time can be.
 * R2  Triggers notify what has changed, in the transaction that changes it. Without them there is no lease.
 * R3  One transaction renews the process's row and notifies the process itself. The lease begins when that notification
 *     has come back, behind all that was committed before it; it counts from the moment before it was sent, and is looked
 *     at when memory is used, by two clocks.
 * R4  The barrier, after the commit: notify, then read the rows, then wait for each of them (barrier.ts).
 * R5  Every answer that says that access is gone waits for the barrier, also when the call changed nothing (enforce.ts).
 * R6  A row is remembered only if neither a change of it was heard nor the session ended since before its SELECT was sent.
 *     Each session begins with an empty memory, after its LISTEN was committed.
 * R7  The listening connection has to be PostgreSQL's own: a pooler hands on our heartbeats and loses the rest.
 * R8  What no protocol can promise is in docs/operating.md: one primary, clocks that run, no hidden pauses.
 *
 * This file is the process's side without any I/O: time and messages come in, and `forget` goes out.
 */
import type { Fill } from "./coherence.ts";
import type { Message } from "./messages.ts";

/** How long a lease is, in milliseconds. Whoever revokes waits so long for a process that does not answer. */
export const LEASE = 1_000;

/** Clocks may differ by 1 % in how fast they go: a lease ends so much early, and is waited for so much longer. */
export const MARGIN = 50;

export interface Clocks {
  /** Milliseconds; never set, but on some systems it stands still while the machine sleeps. */
  monotonic(): number;
  /** Milliseconds since 1970; goes on while the machine sleeps, but may be set. */
  wall(): number;
}

interface Instant {
  readonly monotonic: number;
  readonly wall: number;
}

interface Heartbeat {
  readonly number: number;
  /** Before it was sent. */
  readonly sentAt: Instant;
  /** What PostgreSQL said when it had committed: its time, in milliseconds since 1970. */
  databaseTime: number | null;
  hasComeBack: boolean;
}

export interface LeaseOptions {
  readonly clocks: Clocks;
  readonly forget: (subject: string) => void;
}

export class Lease {
  readonly #clocks: Clocks;
  readonly #forget: (subject: string) => void;
  readonly #fills = new Set<OpenFill>();
  #isListening = false;
  #heartbeats = 0;
  #pending: Heartbeat | null = null;
  /** The heartbeat that the lease in force counts from. */
  #inForce: (Heartbeat & { readonly databaseTime: number }) | null = null;
  invalidations = 0;

  constructor({ clocks, forget }: LeaseOptions) {
    this.#clocks = clocks;
    this.#forget = forget;
  }

  /** LISTEN was committed: from here on nothing is missed. */
  sessionStarted(): void {
    this.#startEpoch();
    this.#isListening = true;
  }

  /** The connection is gone, or not fit: what happens from here on is not heard. */
  sessionEnded(): void {
    this.#startEpoch();
    this.#isListening = false;
  }

  /** R6: nothing of what was read before survives, neither in memory nor on its way there. */
  #startEpoch(): void {
    this.#pending = null;
    this.#inForce = null;
    for (const fill of this.#fills) fill.void();
    this.#forget("*");
  }

  /** Just before the renewal is sent: the lease will count from now (R3). Its number is to come back. */
  heartbeatSent(): number {
    const { monotonic, wall } = this.#clocks;
    this.#heartbeats += 1;
    this.#pending = {
      number: this.#heartbeats,
      sentAt: { monotonic: monotonic(), wall: wall() },
      databaseTime: null,
      hasComeBack: false,
    };
    return this.#heartbeats;
  }

  /** The renewal was committed, and all that the lease rests on was found in order. */
  heartbeatCommitted(number: number, databaseTime: number): void {
    if (this.#pending?.number !== number) return;
    this.#pending.databaseTime = databaseTime;
    this.#beginIfComplete(this.#pending);
  }

  /** The renewal said that something which the lease rests on is missing. */
  endLease(): void {
    this.#pending = null;
    this.#inForce = null;
  }

  /** Messages of the LISTEN session, in order. */
  receive(message: Message): void {
    if (message.kind === "change") {
      this.invalidations += 1;
      for (const fill of this.#fills) fill.changed(message.subject);
      this.#forget(message.subject);
    }
    if (message.kind === "heartbeat" && this.#pending?.number === message.number) {
      this.#pending.hasComeBack = true;
      this.#beginIfComplete(this.#pending);
    }
  }

  #beginIfComplete(heartbeat: Heartbeat): void {
    const { hasComeBack, databaseTime } = heartbeat;
    if (!hasComeBack || databaseTime === null) return;
    this.#inForce = { ...heartbeat, databaseTime };
    this.#pending = null;
  }

  /** Milliseconds since the lease in force was asked for, by the clock that says more; null without one. */
  get age(): number | null {
    if (this.#inForce === null) return null;
    const { sentAt } = this.#inForce;
    return Math.max(this.#clocks.monotonic() - sentAt.monotonic, this.#clocks.wall() - sentAt.wall);
  }

  /** See Coherence. */
  leasedTime(): number | null {
    const { age } = this;
    if (this.#inForce === null || age === null || age >= LEASE - MARGIN) return null;
    // The database was asked after `sentAt`, so no more than `age` has passed there since; 1 % for its clock.
    return this.#inForce.databaseTime + age * 1.01;
  }

  /** See Coherence. */
  beginFill(): Fill {
    const fill = new OpenFill((ended) => this.#fills.delete(ended));
    if (this.#isListening) this.#fills.add(fill);
    else fill.void();
    return fill;
  }
}

/** R6: what has changed since before the SELECT was sent. */
class OpenFill implements Fill {
  readonly #onEnd: (fill: OpenFill) => void;
  #changed: Set<string> | null = new Set();

  constructor(onEnd: (fill: OpenFill) => void) {
    this.#onEnd = onEnd;
  }

  changed(subject: string): void {
    this.#changed?.add(subject);
  }

  void(): void {
    this.#changed = null;
  }

  admits(subjects: readonly string[]): boolean {
    const changed = this.#changed;
    return changed !== null && !changed.has("*") && !subjects.some((subject) => changed.has(subject));
  }

  end(): void {
    this.#changed = null;
    this.#onEnd(this);
  }
}
