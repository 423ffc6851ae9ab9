import { PATIENCE, waitForProcesses, type ProcessRow } from "../../src/platform/coherence/barrier.ts";
import type { Fill } from "../../src/platform/coherence/coherence.ts";
import { Lease } from "../../src/platform/coherence/lease.ts";
import { parseMessage } from "../../src/platform/coherence/messages.ts";
import {
  asBarrierDatabase,
  SimulatedDatabase,
  type SimulatedKey,
  type SimulatedSession,
} from "./simulated-database.ts";

/** One rule broken in one place. What a test plants here, the property has to find. */
export type Fault =
  | "R1 expiry is judged by the time of the lease's beginning"
  | "R2 a revocation notifies nobody"
  | "R3 the lease counts from when its heartbeat came back"
  | "R3 the lease does not wait for its heartbeat to come back"
  | "R3 the lease is looked at by a timer"
  | "R4 the rows are read before the change is committed"
  | "R4 nobody is waited for"
  | "R4 a row is deleted although it was renewed"
  | "R4 a barrier is acknowledged before what came before it is handled"
  | "R5 a call that changed nothing does not wait"
  | "R6 what was invalidated on its way is remembered"
  | "R6 what was on its way when the session ended is remembered"
  | "R6 a new session goes on with the old memory"
  | "R7 a pooler is taken for PostgreSQL";

/** Something that may happen next. */
interface Step {
  readonly weight: number;
  readonly happen: () => void;
  /** Of a call that revokes. */
  readonly isOfBarrier?: boolean;
}

interface SimulatedProcess {
  lease: Lease;
  memory: Map<string, SimulatedKey>;
  session: SimulatedSession | null;
  /** For a while messages reach it late: its lease then has to end by itself. */
  isDeaf: boolean;
  /** Requests that wait for their SELECT. */
  requests: number;
  isBeating: boolean;
}

const PROCESSES = 2;
/** Keys that nobody has acknowledged to be revoked. */
const LIVE_KEYS = 2;
/** Old keys are asked for no more. */
const ASKED_KEYS = 3;

/**
 * Server processes, each with the real lease, and calls that revoke, with the real barrier, around one simulated
 * database. Everything that takes time is a step of its own, and a number decides which comes next: so anything may be
 * late, frozen or dead. A violation is a key that is accepted by a request that began after its revocation was
 * acknowledged, or after it had expired.
 */
export class SimulatedWorld {
  readonly #fault: Fault | null;
  readonly #database = new SimulatedDatabase();
  readonly #processes: SimulatedProcess[];
  readonly #acknowledged = new Set<string>();
  #pending: Step[] = [];
  #now = 1_000_000;
  #sessions = 0;
  #revocations = 0;
  #silence = 0;
  #swept: { readonly rows: readonly ProcessRow[]; readonly at: number } = { rows: [], at: 0 };
  readonly #looks = new WeakMap<Lease, { at: number; seen: number | null }>();
  /** What must not be. */
  readonly violations: string[] = [];
  /** How often a key was accepted from memory: a property over nothing would hold as well. */
  acceptedFromMemory = 0;

  constructor(fault: Fault | null = null) {
    this.#fault = fault;
    this.#addKey(this.#now + 1_500);
    for (let key = 0; key < LIVE_KEYS; key += 1) this.#addKey();
    this.#processes = Array.from({ length: PROCESSES }, () => this.#startProcess());
  }

  /** Both have their lease and all keys in memory: here it becomes interesting. */
  async warmUp(): Promise<void> {
    for (const process of this.#processes) this.#connect(process);
    for (const process of this.#processes) if (process.session !== null) this.#beat(process, process.session);
    for (const process of this.#processes) for (const name of this.#database.keys.keys()) this.#request(process, name);
    while (this.#pending.length > 0) await this.#happens(this.#pending[0]);
    for (const process of this.#processes) if (process.session !== null) this.#receive(process, process.session);
  }

  /** Lets the next thing happen; `choice` is any number from 0 to 9,999. */
  async step(choice: number): Promise<void> {
    const steps = [
      ...this.#pending,
      ...this.#processes.flatMap((process) => this.#stepsOf(process)),
      ...this.#others(),
    ];
    let place = (choice / 10_000) * steps.reduce((sum, { weight }) => sum + weight, 0);
    await this.#happens(steps.find(({ weight }) => (place -= weight) < 0) ?? steps[0]);
    await this.#passSilence();
  }

  /** For more than a lease all processes are frozen, or cut off, while barriers wait for them. */
  async #passSilence(): Promise<void> {
    for (; this.#silence > 0; this.#silence -= 1) {
      this.#now += 100;
      for (const step of this.#pending.filter(({ isOfBarrier }) => isOfBarrier)) await this.#happens(step);
    }
  }

  async #happens(step: Step | undefined): Promise<void> {
    this.#pending = this.#pending.filter((other) => other !== step);
    step?.happen();
    // Lets barriers go on with what they were told.
    for (let turn = 0; turn < 6; turn += 1) await Promise.resolve();
  }

  #has(fault: Fault): boolean {
    return this.#fault === fault;
  }

  #addKey(expiresAt = Number.POSITIVE_INFINITY): void {
    this.#database.keys.set(`key${this.#database.keys.size}`, { isRevoked: false, expiresAt });
  }

  /** A transaction: it happens at some time, and its answer arrives at some later one. */
  #later<Value>(transaction: () => Value, weight = 6, isOfBarrier = false, answerWeight = weight): Promise<Value> {
    return new Promise((resolve) => {
      const happen = () => {
        const value = transaction();
        this.#pending.push({ weight: answerWeight, isOfBarrier, happen: () => resolve(value) });
      };
      this.#pending.push({ weight, isOfBarrier, happen });
    });
  }

  #startProcess(): SimulatedProcess {
    const memory = new Map<string, SimulatedKey>();
    const clocks = { monotonic: () => this.#now, wall: () => this.#now };
    const forget = (subject: string) => {
      if (subject === "*" && !this.#has("R6 a new session goes on with the old memory")) memory.clear();
      else memory.delete(subject.slice(2));
    };
    return {
      lease: new Lease({ clocks, forget }),
      memory,
      session: null,
      isDeaf: false,
      requests: 0,
      isBeating: false,
    };
  }

  #others(): Step[] {
    const live = [...this.#database.keys.keys()].filter((name) => !this.#acknowledged.has(name));
    return [
      { weight: 4, happen: () => (this.#now += 50) },
      { weight: 2, happen: () => (this.#now += 350) },
      { weight: 0.5, happen: () => (this.#silence = 14) },
      { weight: 2, happen: () => this.#sweep() },
      ...live.map((name) => ({ weight: 0.5, happen: () => this.#revoke(name) })),
    ];
  }

  #stepsOf(process: SimulatedProcess): Step[] {
    const { session } = process;
    const asks = [...this.#database.keys.keys()].slice(-ASKED_KEYS).map((name) => ({
      weight: 3,
      happen: () => this.#request(process, name),
    }));
    // Memory is bounded: what was known has to be read again.
    asks.push({ weight: 0.7, happen: () => process.memory.clear() });
    if (session === null) return [...asks, { weight: 10, happen: () => this.#connect(process) }];
    const hasMessage = session.isConnected && session.queue.length > 0;
    return [
      ...asks,
      ...(process.isBeating ? [] : [{ weight: 4, happen: () => this.#beat(process, session) }]),
      ...(hasMessage ? [{ weight: process.isDeaf ? 0.6 : 8, happen: () => this.#receive(process, session) }] : []),
      { weight: 1, happen: () => (process.isDeaf = !process.isDeaf) },
      { weight: 0.3, happen: () => (session.isConnected = false) },
      ...(session.isConnected ? [] : [{ weight: 2, happen: () => this.#disconnect(process) }]),
      { weight: 0.1, happen: () => this.#crash(process) },
    ];
  }

  #connect(process: SimulatedProcess): void {
    this.#sessions += 1;
    const isPooled = this.#has("R7 a pooler is taken for PostgreSQL");
    process.session = this.#database.listen(`s${this.#sessions}`, isPooled);
    process.lease.sessionStarted();
  }

  #disconnect(process: SimulatedProcess): void {
    if (process.session !== null) process.session.isConnected = false;
    process.session = null;
    process.lease.sessionEnded();
  }

  #crash(process: SimulatedProcess): void {
    this.#disconnect(process);
    Object.assign(process, this.#startProcess());
  }

  #beat(process: SimulatedProcess, session: SimulatedSession): void {
    const { lease } = process;
    const number = lease.heartbeatSent();
    process.isBeating = true;
    void this.#later(() => {
      this.#database.renew(session, number);
      if (this.#has("R3 the lease does not wait for its heartbeat to come back"))
        lease.receive({ kind: "heartbeat", number });
      return this.#now;
    }).then((databaseTime) => {
      process.isBeating = false;
      if (process.session === session) lease.heartbeatCommitted(number, databaseTime);
    });
  }

  #receive(process: SimulatedProcess, session: SimulatedSession): void {
    if (this.#has("R4 a barrier is acknowledged before what came before it is handled")) {
      for (const message of session.queue.map(parseMessage))
        if (message.kind === "barrier") this.#database.acknowledge(session.id, message.number);
    }
    const message = parseMessage(session.queue.shift() ?? "");
    if (message.kind === "heartbeat" && this.#has("R3 the lease counts from when its heartbeat came back")) {
      const number = process.lease.heartbeatSent();
      process.lease.receive({ kind: "heartbeat", number });
      process.lease.heartbeatCommitted(number, this.#now);
    } else process.lease.receive(message);
    if (message.kind === "barrier") void this.#later(() => this.#database.acknowledge(session.id, message.number), 1);
  }

  #request(process: SimulatedProcess, name: string): void {
    const began = { at: this.#now, isGone: this.#acknowledged.has(name) };
    const leasedTime = this.#leasedTime(process);
    const known = process.memory.get(name);
    if (leasedTime !== null && known !== undefined) {
      this.acceptedFromMemory += 1;
      this.#judge(name, known, leasedTime, began);
      return;
    }
    if (process.requests > 1) return;
    process.requests += 1;
    const { lease, memory } = process;
    const fill = this.#beginFill(lease);
    void this.#later(() => ({ read: this.#database.keys.get(name), now: this.#now }), 6, false, 1).then(
      ({ read, now }) => {
        process.requests -= 1;
        if (read === undefined) return;
        this.#judge(name, read, now, began);
        if (fill.admits([`k:${name}`])) memory.set(name, read);
        fill.end();
      },
    );
  }

  #beginFill(lease: Lease): Fill {
    const fill = lease.beginFill();
    if (this.#has("R6 what was invalidated on its way is remembered"))
      // Still void when the session ended, but deaf to what it was told.
      return { admits: () => fill.admits([]), end: () => fill.end() };
    if (this.#has("R6 what was on its way when the session ended is remembered"))
      return { admits: () => true, end: () => fill.end() };
    return fill;
  }

  #leasedTime(process: SimulatedProcess): number | null {
    const { lease } = process;
    const now = lease.leasedTime();
    if (this.#has("R1 expiry is judged by the time of the lease's beginning"))
      return now === null ? null : now - (lease.age ?? 0) * 1.01;
    if (!this.#has("R3 the lease is looked at by a timer")) return now;
    const last = this.#looks.get(lease);
    if (last !== undefined && this.#now - last.at < 250) return last.seen;
    this.#looks.set(lease, { at: this.#now, seen: now });
    return now;
  }

  #judge(name: string, key: SimulatedKey, now: number, began: { readonly at: number; readonly isGone: boolean }): void {
    const isAccepted = !key.isRevoked && key.expiresAt > now;
    if (isAccepted && began.isGone) this.violations.push(`${name} was accepted after its revocation`);
    if (isAccepted && key.expiresAt <= began.at) this.violations.push(`${name} was accepted after it had expired`);
  }

  /** What every process does now and then: rows that have not moved for longer than a lease are nobody's. */
  #sweep(): void {
    const { rows, at } = this.#swept;
    const isHasty = this.#has("R4 a row is deleted although it was renewed");
    if (this.#now - at < PATIENCE && !isHasty) return;
    this.#database.giveUp(rows, { whenMoved: isHasty });
    this.#swept = { rows: this.#database.readProcesses(), at: this.#now };
  }

  /** Whoever revokes may die after the commit; somebody repeats it then. */
  #revoke(name: string): void {
    this.#revocations += 1;
    const before = this.#database.readProcesses();
    const notifies = !this.#has("R2 a revocation notifies nobody");
    void this.#later(() => this.#database.revoke(name, { notifies }), 1).then(async (hasChanged) => {
      const dies = hasChanged && this.#revocations % 2 === 1;
      if (dies) return;
      if (hasChanged || !this.#has("R5 a call that changed nothing does not wait")) await this.#barrier(before);
      if (!this.#acknowledged.has(name)) this.#addKey();
      this.#acknowledged.add(name);
    });
  }

  #barrier(before: ReturnType<SimulatedDatabase["readProcesses"]>): Promise<void> {
    if (this.#has("R4 nobody is waited for")) return this.#later(() => void this.#database.announce());
    const whenMoved = this.#has("R4 a row is deleted although it was renewed");
    const database = asBarrierDatabase(this.#database, (transaction) => this.#later(transaction, 6, true), {
      whenMoved,
    });
    const isEarly = this.#has("R4 the rows are read before the change is committed");
    let isFirst = true;
    const readProcesses = () => {
      const known = isEarly && isFirst ? Promise.resolve(before) : database.readProcesses();
      isFirst = false;
      return known;
    };
    return waitForProcesses({
      database: { ...database, readProcesses },
      monotonic: () => this.#now,
      sleep: () => this.#later(() => undefined, 2, true),
      onFailure: (error) => {
        throw error;
      },
    });
  }
}
