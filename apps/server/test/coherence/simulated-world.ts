import { waitForProcesses } from "../../src/platform/coherence/barrier.ts";
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
}

interface SimulatedProcess {
  lease: Lease;
  memory: Map<string, SimulatedKey>;
  session: SimulatedSession | null;
  /** Requests that wait for their SELECT. */
  requests: number;
}

const PROCESSES = 2;
const KEYS = ["a", "b"];

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
  readonly #looks = new WeakMap<Lease, { at: number; seen: number | null }>();
  /** What must not be. */
  readonly violations: string[] = [];
  /** How often a key was accepted from memory: a property over nothing would hold as well. */
  acceptedFromMemory = 0;

  constructor(fault: Fault | null = null) {
    this.#fault = fault;
    for (const name of KEYS) this.#database.keys.set(name, { isRevoked: false, expiresAt: Number.POSITIVE_INFINITY });
    this.#database.keys.set("expiring", { isRevoked: false, expiresAt: this.#now + 1_500 });
    this.#processes = Array.from({ length: PROCESSES }, () => this.#startProcess());
  }

  /** Lets the next thing happen; `choice` is any number from 0 to 9,999. */
  async step(choice: number): Promise<void> {
    const steps = [
      ...this.#pending,
      ...this.#processes.flatMap((process) => this.#stepsOf(process)),
      ...this.#others(),
    ];
    let place = (choice / 10_000) * steps.reduce((sum, { weight }) => sum + weight, 0);
    const step = steps.find(({ weight }) => (place -= weight) < 0) ?? steps[0];
    this.#pending = this.#pending.filter((other) => other !== step);
    step?.happen();
    // Lets barriers go on with what they were told.
    for (let turn = 0; turn < 6; turn += 1) await null;
  }

  #has(fault: Fault): boolean {
    return this.#fault === fault;
  }

  /** A transaction: it happens at some time, and its answer arrives at some later one. */
  #later<Value>(transaction: () => Value, weight = 6): Promise<Value> {
    return new Promise((resolve) => {
      const happen = () => {
        const value = transaction();
        this.#pending.push({ weight, happen: () => resolve(value) });
      };
      this.#pending.push({ weight, happen });
    });
  }

  #startProcess(): SimulatedProcess {
    const memory = new Map<string, SimulatedKey>();
    const clocks = { monotonic: () => this.#now, wall: () => this.#now };
    const forget = (subject: string) => {
      if (subject === "*" && !this.#has("R6 a new session goes on with the old memory")) memory.clear();
      else memory.delete(subject.slice(2));
    };
    return { lease: new Lease({ clocks, forget }), memory, session: null, requests: 0 };
  }

  #others(): Step[] {
    const revocable = this.#revocations < 4 ? KEYS : [];
    return [
      { weight: 10, happen: () => (this.#now += 40) },
      { weight: 1, happen: () => (this.#now += 400) },
      ...revocable.map((name) => ({ weight: 0.5, happen: () => this.#revoke(name) })),
    ];
  }

  #stepsOf(process: SimulatedProcess): Step[] {
    const { session } = process;
    const asks = [...this.#database.keys.keys()].map((name) => ({
      weight: 3,
      happen: () => this.#request(process, name),
    }));
    if (session === null) return [...asks, { weight: 10, happen: () => this.#connect(process) }];
    const hasMessage = session.isConnected && session.queue.length > 0;
    return [
      ...asks,
      { weight: 5, happen: () => this.#beat(process, session) },
      ...(hasMessage ? [{ weight: 12, happen: () => this.#receive(process, session) }] : []),
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
    const isLate = this.#has("R3 the lease counts from when its heartbeat came back");
    let number = lease.heartbeatSent();
    void this.#later(() => {
      if (isLate) number = lease.heartbeatSent();
      this.#database.renew(session, number);
      if (this.#has("R3 the lease does not wait for its heartbeat to come back"))
        lease.receive({ kind: "heartbeat", number });
      return this.#now;
    }).then((databaseTime) => process.session === session && lease.heartbeatCommitted(number, databaseTime));
  }

  #receive(process: SimulatedProcess, session: SimulatedSession): void {
    const isHasty = this.#has("R4 a barrier is acknowledged before what came before it is handled");
    const barriers = session.queue.map(parseMessage).filter((message) => message.kind === "barrier");
    const message = parseMessage(session.queue.shift() ?? "");
    process.lease.receive(message);
    const heard = isHasty ? barriers.at(-1) : message;
    if (heard?.kind === "barrier") void this.#later(() => this.#database.acknowledge(session.id, heard.number));
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
    if (process.requests > 2) return;
    process.requests += 1;
    const { lease, memory } = process;
    const fill = this.#beginFill(lease);
    void this.#later(() => ({ read: this.#database.keys.get(name), now: this.#now }), 3).then(({ read, now }) => {
      process.requests -= 1;
      if (read === undefined) return;
      this.#judge(name, read, now, began);
      if (fill.admits([`k:${name}`])) memory.set(name, read);
      fill.end();
    });
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

  /** Whoever revokes may die after the commit; somebody repeats it then. */
  #revoke(name: string): void {
    this.#revocations += 1;
    const before = this.#database.readProcesses();
    const notifies = !this.#has("R2 a revocation notifies nobody");
    void this.#later(() => this.#database.revoke(name, { notifies })).then(async (hasChanged) => {
      const dies = hasChanged && this.#revocations % 2 === 1;
      if (dies) return;
      if (hasChanged || !this.#has("R5 a call that changed nothing does not wait")) await this.#barrier(before);
      this.#acknowledged.add(name);
    });
  }

  #barrier(before: ReturnType<SimulatedDatabase["readProcesses"]>): Promise<void> {
    if (this.#has("R4 nobody is waited for")) return this.#later(() => void this.#database.announce());
    const whenMoved = this.#has("R4 a row is deleted although it was renewed");
    const database = asBarrierDatabase(this.#database, (transaction) => this.#later(transaction), { whenMoved });
    if (this.#has("R4 the rows are read before the change is committed")) {
      const later = () => database.readProcesses();
      let isFirst = true;
      database.readProcesses = () => {
        if (!isFirst) return later();
        isFirst = false;
        return Promise.resolve(before);
      };
    }
    return waitForProcesses({
      database,
      monotonic: () => this.#now,
      sleep: () => this.#later(() => undefined, 2),
      onFailure: (error) => {
        throw error;
      },
    });
  }
}
